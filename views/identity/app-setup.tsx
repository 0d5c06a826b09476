import { CopyField } from '../components/copy-field'
import { Field } from '../components/field'
import { Icon } from '../components/icon'
import { QrCode } from '../components/qr-code'

export type AppCodeProblem = 'wrong' | 'missing'

/** `secret` in base32, `uri` the same as an app takes it, `sealed` as the form gives it back. */
export type AppSetupProps = { secret: string; uri: string; sealed: string; problem?: AppCodeProblem | undefined }

/** What is scanned, and the field for the code that proves it was; for the inside of a form. */
export const AppSetup = ({ secret, uri, sealed, problem }: AppSetupProps) => (
  <>
    <p>Scan this QR code with an authenticator app.</p>
    <QrCode text={uri} label="QR code for an authenticator app" />
    <p>
      <a class="button" href={uri}>
        <Icon name="external-link" />
        Open in an app on this device
      </a>
    </p>
    <CopyField id="key" label="Or type this key into the app" value={inGroups(secret)} />
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

const inGroups = (secret: string) => secret.replaceAll(/.{4}(?=.)/g, '$& ')

const PROBLEMS: Record<AppCodeProblem, string> = {
  wrong:
    'That is not the code of this key. Enter the one that the app shows now. If it fails again, let your phone set its time by itself.',
  missing: 'Enter the code that the app shows now.',
}
