import { LIFETIME_HOURS } from '../../src/limits'
import { AgentModes } from '../access/agent-modes'
import { Field, SelectField, TextArea } from '../components/field'
import { Switch } from '../components/switch'
import { theirsInWords } from '../components/theirs'
import { PanelForm, type SettingsPart } from './settings-panel'
import { domainsInWords, LIFETIMES, lifetimeChosen, lifetimeInWords } from './settings-words'

const HOURS = `Enter a whole number of hours from ${LIFETIME_HOURS.min} to ${LIFETIME_HOURS.max}.`

export const Invitations = ({ to, draft, problems, theirs, shown }: SettingsPart) => (
  <PanelForm {...{ to, shown }} id="invitations">
    <header>
      <h2>Invitations</h2>
      <p>
        <a href={to.checks}>Checks</a> shows whether invitation emails arrive.
      </p>
    </header>
    <Lifetime {...{ draft, problems, theirs }} />
    <Switch
      name="reminders"
      label="Reminders"
      on={draft.reminders}
      hint="Email a reminder two days before an invitation expires. Invitations that expire within two days get none."
    />
    <Switch
      name="reply_to_inviter"
      label="Replies to the inviter"
      on={draft.replyToInviter}
      hint="Replies to an invitation go to the person who sent it, and the invitation shows their email address."
    />
    <AllowedDomains {...{ draft, problems, theirs }} />
    <fieldset class="fieldset">
      <legend>Agents for new people</legend>
      <AgentModes
        name="default_agent_mode"
        mode={draft.defaultAgentMode}
        listed="None to start with. New agents are not shared automatically."
      />
    </fieldset>
  </PanelForm>
)

const AllowedDomains = ({ draft: { allowedDomains }, problems, theirs }: Pick<SettingsPart, 'draft' | 'problems' | 'theirs'>) => (
  <TextArea
    id="allowed_domains"
    name="allowed_domains"
    label="Allowed domains (optional)"
    value={allowedDomains}
    hint="One per line, such as acme.com. Only addresses at exactly these domains can be invited. People who are here already stay."
    error={domainsInWords(problems.allowedDomains) ?? theirsInWords(theirs.allowed_domains, allowedDomains)}
  />
)

/** The hours show when they are asked for; without a style sheet they are simply there. */
const Lifetime = ({ draft: { lifetimeHours }, problems, theirs }: Pick<SettingsPart, 'draft' | 'problems' | 'theirs'>) => (
  <div class="lifetime">
    <SelectField
      id="lifetime"
      name="lifetime"
      label="Invitations expire after"
      hint="Applies to new invitations and resends."
      error={theirsInWords(theirs.lifetime_hours && lifetimeInWords(theirs.lifetime_hours), lifetimeInWords(lifetimeHours))}
    >
      {LIFETIMES.map((hours) => (
        <option value={hours} selected={hours === lifetimeHours}>
          {lifetimeInWords(hours)}
        </option>
      ))}
      <option value="custom" selected={lifetimeChosen(lifetimeHours) === 'custom'}>
        Custom
      </option>
    </SelectField>
    <Field
      id="lifetime_hours"
      name="lifetime_hours"
      label="Hours"
      inputmode="numeric"
      autocomplete="off"
      value={lifetimeHours}
      hint={`${LIFETIME_HOURS.min} to ${LIFETIME_HOURS.max} hours (30 days).`}
      error={problems.lifetimeHours && HOURS}
    />
  </div>
)
