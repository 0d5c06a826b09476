import { PasskeyForm } from '../components/passkey-form'

/** Why a passkey does not sign in. `passkey_wrong` is said of any that is not known here, was removed, or answered too late. */
export type PasskeyReason = 'passkey_wrong' | 'passkey_cloned'

export const PASSKEY_WORDS: Record<PasskeyReason, string> = {
  passkey_wrong: 'That passkey could not be used. It may have been removed, or it took too long. Try again, or use another way.',
  passkey_cloned:
    'That passkey was refused, because there seems to be a copy of it. Sign in another way, then remove it from your account and add a new one.',
}

type Props = {
  /** The id of the sign-in whose password was right, if it is one. */
  signIn?: string
  next: string | undefined
  draft: string | undefined
  autofill?: boolean
  problem?: string | undefined
}

/** A passkey is both factors, and finds whose it is by itself. */
export const PasskeySignIn = ({ signIn, next, draft, autofill = false, problem }: Props) => (
  <PasskeyForm
    kind="get"
    action="/login/passkey"
    options="/login/passkey/options"
    button={signIn ? 'Use your passkey' : 'Sign in with a passkey'}
    class={signIn ? 'button primary wide' : 'button wide'}
    autofill={autofill}
    problem={problem}
  >
    {signIn && <input type="hidden" name="sign_in" value={signIn} />}
    {next && <input type="hidden" name="next" value={next} />}
    {draft && <input type="hidden" name="draft" value={draft} />}
  </PasskeyForm>
)
