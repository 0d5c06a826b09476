import { FACTOR_GRACE_DAYS } from '../../src/limits'
import type { FactorPolicy } from '../../src/models/identity/factor-policy'
import type { Lacking } from '../../src/models/members/lacking-factor'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Callout } from '../components/callout'
import { Choice } from '../components/choice'
import { Field } from '../components/field'
import { theirsInWords } from '../components/theirs'
import { type FactorPreview, lackingInWords, policyInWords, previewInWords, selfInWords } from './factor-words'
import { PanelForm, type SettingsPart } from './settings-panel'

const DAYS = `Enter a whole number of days from ${FACTOR_GRACE_DAYS.min} to ${FACTOR_GRACE_DAYS.max}.`
/** Where nobody was asked for one yet. */
const SUGGESTED_DAYS = '14'

type Props = SettingsPart & { preview: FactorPreview }

export const SecondFactor = ({ to, draft, problems, theirs, shown, preview }: Props) => (
  <PanelForm {...{ to, shown }} id="second-factor">
    <header>
      <h2>Second factor</h2>
      <p>A passkey or an authenticator app, in addition to the password. Whoever has one is asked for it at every sign-in.</p>
    </header>
    <div class="form" {...asksForPreview(to)}>
      <fieldset class="fieldset">
        <legend>Who needs one</legend>
        <Policies chosen={draft.factorPolicy} lacking={preview.lacking} />
        {theirs.factor_policy && (
          <p class="error">{theirsInWords(policyInWords(theirs.factor_policy), policyInWords(draft.factorPolicy))}</p>
        )}
      </fieldset>
      <Field
        id="factor_grace_days"
        name="factor_grace_days"
        label="Days to set one up"
        inputmode="numeric"
        autocomplete="off"
        value={draft.factorPolicy === 'optional' && draft.factorGraceDays === '0' ? SUGGESTED_DAYS : draft.factorGraceDays}
        hint="0 to 90 days, counted from when you ask for it, or from when someone joins after that."
        error={problems.factorGraceDays ? DAYS : theirsInWords(theirs.factor_grace_days, draft.factorGraceDays)}
      />
    </div>
    <Preview to={to} preview={preview} />
  </PanelForm>
)

const POLICIES: FactorPolicy[] = ['optional', 'admins', 'everybody']

const Policies = ({ chosen, lacking }: { chosen: FactorPolicy; lacking: Lacking }) => (
  <>
    {POLICIES.map((policy) => (
      <Choice
        name="factor_policy"
        value={policy}
        title={policyInWords(policy)}
        detail={lackingInWords(policy, lacking)}
        checked={policy === chosen}
      />
    ))}
  </>
)

const asksForPreview = (to: WorkspacePaths) => ({
  'hx-get': to.settings,
  'hx-include': "#second-factor [name^='factor_']",
  'hx-trigger': 'change, input delay:250ms',
  'hx-target': '#factor-preview',
  'hx-select': '#factor-preview',
  'hx-swap': 'outerHTML',
  'hx-sync': 'this:replace',
})

/** What would follow of what is chosen, asked for anew with each choice. */
const Preview = ({ to, preview }: Pick<Props, 'to' | 'preview'>) => (
  <div id="factor-preview" class="stack" aria-live="polite">
    <p>
      {previewInWords(preview)}{' '}
      {preview.lacking.everybody.lacking > 0 && <a href={withQuery(to.users, { status: 'no_factor' })}>See who has none</a>}
    </p>
    {selfInWords(preview) && (
      <Callout tone="warn">
        {selfInWords(preview)} <a href="/account/second-factor">Set one up</a>
      </Callout>
    )}
  </div>
)
