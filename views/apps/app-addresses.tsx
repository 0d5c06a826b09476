import { Field, TextArea } from '../components/field'
import { theirsInWords } from '../components/theirs'
import type { PartProps } from './app-form'
import { addressInWords, hostInWords } from './app-words'

export const Addresses = ({ draft, problems, theirs }: PartProps) => (
  <TextArea
    id="redirect_uris"
    name="redirect_uris"
    label="Redirect addresses"
    spellcheck={false}
    autocapitalize="none"
    placeholder="https://grafana.acme.example/login/generic_oauth"
    value={draft.redirect_uris}
    hint="Where people are sent back to after signing in, exactly as the tool asks for it. One a line."
    error={
      problems.redirect_uris ? addressInWords(problems.redirect_uris) : theirsInWords(theirs.redirect_uris, draft.redirect_uris)
    }
  />
)

/** What many tools do not need; folded away while there is nothing in it. */
export const More = (props: PartProps) => (
  <details class="folded" open={isFilled(props)}>
    <summary>Signing out, proxies{props.subject.agentId && ', agent tokens'}</summary>
    <div class="form">
      <SignOut {...props} />
      <Hosts {...props} />
      {props.subject.agentId && <Audience {...props} />}
    </div>
  </details>
)

const FOLDED = ['after_logout_uris', 'logout_uri', 'hosts', 'resource'] as const

const isFilled = ({ draft, problems, refusal, theirs }: PartProps) =>
  (refusal !== undefined && refusal.field !== 'top') ||
  FOLDED.some((field) => draft[field] !== '' || problems[field] !== undefined || theirs[field] !== undefined)

const SignOut = ({ draft, problems, theirs }: PartProps) => (
  <>
    <Field
      id="logout_uri"
      name="logout_uri"
      label="Back-channel logout address (optional)"
      inputmode="url"
      autocomplete="off"
      spellcheck={false}
      placeholder="https://"
      value={draft.logout_uri}
      hint="Latchkey calls it within seconds when somebody loses access, so that the tool signs them out too."
      error={problems.logout_uri ? addressInWords(problems.logout_uri) : theirsInWords(theirs.logout_uri, draft.logout_uri)}
    />
    <TextArea
      id="after_logout_uris"
      name="after_logout_uris"
      label="Sign-out addresses (optional)"
      rows={2}
      spellcheck={false}
      autocapitalize="none"
      value={draft.after_logout_uris}
      hint="Where the tool may send people after they sign out. One a line."
      error={
        problems.after_logout_uris
          ? addressInWords(problems.after_logout_uris)
          : theirsInWords(theirs.after_logout_uris, draft.after_logout_uris)
      }
    />
  </>
)

const Hosts = ({ draft, problems, theirs, refusal }: PartProps) => (
  <TextArea
    id="hosts"
    name="hosts"
    label="Hosts behind a proxy (optional)"
    rows={2}
    spellcheck={false}
    autocapitalize="none"
    placeholder="mlflow.acme.example"
    value={draft.hosts}
    hint="For a tool without a sign-in of its own: nginx, Caddy or Traefik ask Latchkey before they let anyone through. One a line."
    error={hostErrorOf(problems, refusal) ?? theirsInWords(theirs.hosts, draft.hosts)}
  />
)

const hostErrorOf = ({ hosts }: PartProps['problems'], refusal: PartProps['refusal']) =>
  hosts ? hostInWords(hosts) : refusal?.field === 'hosts' ? refusal.text : undefined

const Audience = ({ draft, problems, theirs, refusal }: PartProps) => (
  <Field
    id="resource"
    name="resource"
    label="Audience (optional)"
    inputmode="url"
    autocomplete="off"
    spellcheck={false}
    placeholder="https://agent.acme.example/mcp"
    value={draft.resource}
    hint="The address of the agent’s server, for example its MCP endpoint. Access tokens are then made for it alone."
    error={audienceErrorOf(problems, refusal) ?? theirsInWords(theirs.resource, draft.resource)}
  />
)

const audienceErrorOf = ({ resource }: PartProps['problems'], refusal: PartProps['refusal']) =>
  resource ? addressInWords(resource) : refusal?.field === 'resource' ? refusal.text : undefined
