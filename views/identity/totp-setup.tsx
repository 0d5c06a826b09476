import { Field } from '../components/field'
import { Icon } from '../components/icon'
import { QrCode } from '../components/qr-code'

export type TotpCodeProblem = 'wrong' | 'missing'

/** `secret` in base32, `uri` the same as an app takes it, `sealed` as the form gives it back. */
export type TotpSetupProps = { secret: string; uri: string; sealed: string; problem?: TotpCodeProblem | undefined }

/** What is scanned, and the field for the code that proves it was; for the inside of a form. */
export const TotpSetup = ({ secret, uri, sealed, problem }: TotpSetupProps) => (
  <>
    <p>Scan this QR code with an authenticator app.</p>
    <QrCode text={uri} label="QR code for an authenticator app" />
    <p>
      <a class="button" href={uri}>
        <Icon name="external-link" />
        Open on this device
      </a>
    </p>
    <Key text={inGroups(secret)} />
    <input type="hidden" name="setup" value={sealed} />
    <Field
      id="code"
      name="code"
      label="Code that the app shows"
      inputmode="numeric"
      autocomplete="one-time-code"
      spellcheck={false}
      required
      autofocus={problem !== undefined}
      error={problem && PROBLEMS[problem]}
      hint="Six digits, new every 30 seconds."
    />
  </>
)

/** All of it can be read on a narrow screen, too, unlike in a field of one line. */
const Key = ({ text }: { text: string }) => (
  <div class="field">
    <label for="key">Or type this key into the app</label>
    <span class="copied">
      <output id="key">{text}</output>
      <button type="button" class="button copy" data-copy="key">
        <Icon name="copy" />
        <span>Copy</span>
      </button>
    </span>
    <p class="hint" role="status" id="key-copied"></p>
  </div>
)

const inGroups = (secret: string) => secret.replaceAll(/.{4}(?=.)/g, '$& ')

const PROBLEMS: Record<TotpCodeProblem, string> = {
  wrong: 'Incorrect code. Enter the one the app shows now. If it fails again, check that your phone sets its time automatically.',
  missing: 'Enter the code that the app shows now.',
}
