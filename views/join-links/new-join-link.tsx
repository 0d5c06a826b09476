import { JOIN_LINK_DAYS, JOIN_LINK_DOMAINS, JOIN_LINK_USES, NAME_CHARACTERS } from '../../src/limits'
import type { JoinLinkProblems } from '../../src/models/join-links/draft'
import type { PresetChoice } from '../../src/models/presets/preset-page'
import type { WorkspacePaths } from '../../src/paths'
import { type AccessDraft, AccessFields, type AccessShown } from '../access/access-fields'
import { BackLink } from '../components/back-link'
import { Choice } from '../components/choice'
import { Field, SelectField } from '../components/field'
import { PageHead } from '../components/page-head'
import { PresetOptions } from '../presets/preset-options'
import { listOf, numberOf } from '../words'

export type NewJoinLinkDraft = AccessDraft & {
  label: string
  uses: string
  days: string
  domains: string
  approval: 'on' | 'off'
  preset: string
}

type Props = {
  to: WorkspacePaths
  draft: NewJoinLinkDraft
  problems: JoinLinkProblems
  presets: PresetChoice[]
  /** The domains that the workspace allows; none where all are. */
  allowed: string[]
  access: AccessShown
}

export const NewJoinLinkPage = ({ to, draft, problems, access, presets, allowed }: Props) => (
  <section id="new-join-link">
    <BackLink href={to.joinLinks}>Join links</BackLink>
    <PageHead title="New join link" lead="Whoever has the link can ask for an email that lets them join as a Tenant User." />
    <form class="form narrow" method="post" action={to.joinLinks} novalidate>
      <Field
        id="label"
        name="label"
        label="Name (optional)"
        autocomplete="off"
        maxlength={NAME_CHARACTERS}
        value={draft.label}
        hint="Only admins see it, for example “New starters in March”."
      />
      <div class="pairs">
        <WholeNumber
          name="uses"
          label="How many people can use it"
          value={draft.uses}
          range={JOIN_LINK_USES}
          wrong={problems.uses !== undefined}
        />
        <WholeNumber
          name="days"
          label="Expires after (days)"
          value={draft.days}
          range={JOIN_LINK_DAYS}
          wrong={problems.days !== undefined}
        />
      </div>
      <Field
        id="domains"
        name="domains"
        label="Only addresses at these domains (optional)"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={draft.domains}
        hint={domainHint(allowed)}
        error={problems.domains && domainsInWords(problems.domains, allowed)}
      />
      <Approval draft={draft} />
      <PresetField {...{ draft, problems, presets }} />
      <AccessFields
        {...access}
        problem={problems.agents && 'One of these agents was deleted in the meantime. Check the list and try again.'}
      />
      <div class="buttons">
        <button class="button primary">Create link</button>
        <a class="button ghost" href={to.joinLinks}>
          Cancel
        </a>
      </div>
    </form>
  </section>
)

type NumberProps = { name: string; label: string; value: string; range: { min: number; max: number }; wrong: boolean }

const WholeNumber = ({ name, label, value, range: { min, max }, wrong }: NumberProps) => (
  <Field
    id={name}
    name={name}
    label={label}
    inputmode="numeric"
    required
    value={value}
    hint={wrong ? undefined : `${min} to ${numberOf(max)}.`}
    error={wrong ? `Enter a whole number from ${min} to ${numberOf(max)}.` : undefined}
  />
)

const Approval = ({ draft }: Pick<Props, 'draft'>) => (
  <fieldset class="fieldset">
    <legend>Approval</legend>
    <Choice
      name="approval"
      value="off"
      title="Not needed"
      detail="They join as soon as they confirm their address"
      checked={draft.approval !== 'on'}
    />
    <Choice
      name="approval"
      value="on"
      title="An admin approves each person"
      detail="Until then they see nothing and take no seat"
      checked={draft.approval === 'on'}
    />
  </fieldset>
)

const PresetField = ({ draft, problems, presets }: Pick<Props, 'draft' | 'problems' | 'presets'>) =>
  presets.length === 0 ? null : (
    <SelectField
      id="preset"
      name="preset"
      label="Preset (optional)"
      hint="Gives everyone who joins its sections and agents."
      error={problems.preset && 'This preset was deleted or has ended. Choose another one.'}
    >
      <option value="" selected={!draft.preset}>
        None
      </option>
      <PresetOptions presets={presets} chosen={draft.preset} />
    </SelectField>
  )

const domainHint = (allowed: string[]) =>
  allowed.length > 0
    ? `This workspace allows ${listOf(allowed)}.`
    : 'For example acme.test, acme.example. Leave it empty for any domain.'

function domainsInWords(problem: NonNullable<JoinLinkProblems['domains']>, allowed: string[]) {
  if (problem === 'too_many') return `Name at most ${JOIN_LINK_DOMAINS} domains.`
  if (problem === 'domain_not_allowed') return `This workspace allows only ${listOf(allowed)}. You can change this in Settings.`
  return `Not a domain: ${listOf(problem.unknown)}.`
}
