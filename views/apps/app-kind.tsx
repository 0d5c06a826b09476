import type { AppDraft } from '../../src/models/apps/draft'
import { Choice } from '../components/choice'
import { TextArea } from '../components/field'
import { theirsInWords } from '../components/theirs'
import type { PartProps } from './app-form'
import { KEY_PROBLEMS } from './app-words'

const KINDS = {
  secret: {
    title: 'A server that keeps a secret',
    detail: 'Grafana, Langfuse, Open WebUI, a proxy, and most others. You copy the secret into its settings.',
  },
  none: {
    title: 'A program in the browser or on a device',
    detail: 'A single-page app, a mobile app, a command line. It cannot keep a secret and needs none.',
  },
  key: {
    title: 'A server that signs with its own key',
    detail: 'It proves who it is by private_key_jwt. You paste its public keys.',
  },
} as const

/** How a tool proves who it is is chosen once; the stylesheet hides what the choice has no use for. */
export const Kind = ({ draft, problems, theirs, edited }: PartProps & { edited: boolean }) => (
  <>
    {!edited && (
      <fieldset class="fieldset">
        <legend>What kind of tool is it?</legend>
        {(['secret', 'none', 'key'] as const).map((kind) => (
          <Choice name="auth" value={kind} {...KINDS[kind]} checked={draft.auth === kind} />
        ))}
      </fieldset>
    )}
    {(!edited || draft.auth === 'key') && (
      <div class="for-keys">
        <TextArea
          id="jwks"
          name="jwks"
          label="Public keys (JWKS)"
          rows={6}
          spellcheck={false}
          value={draft.jwks}
          hint="A JSON Web Key Set. Latchkey never fetches keys: paste the new ones here before the tool begins to use them."
          error={problems.jwks ? KEY_PROBLEMS[problems.jwks] : theirsInWords(theirs.jwks, draft.jwks)}
        />
      </div>
    )}
    {(!edited || draft.auth !== 'none') && <Pkce {...{ draft }} />}
  </>
)

const Pkce = ({ draft }: { draft: AppDraft }) => (
  <div class="field for-servers">
    <div class="toggles single">
      <label for="no_pkce">
        <input
          id="no_pkce"
          type="checkbox"
          name="no_pkce"
          value="on"
          checked={draft.no_pkce === 'on'}
          aria-describedby="no_pkce-hint"
        />
        The tool cannot do PKCE
      </label>
    </div>
    <p class="hint" id="no_pkce-hint">
      PKCE keeps a stolen sign-in code from being used. Tick this only if the tool has no setting for it.
    </p>
  </div>
)
