import { NAME_CHARACTERS, PASSKEYS } from '../../src/limits'
import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Field } from '../components/field'
import { PasskeyForm } from '../components/passkey-form'
import { When } from '../components/when'

/** Why a passkey was not added or named. `not_made`: it was made too late, elsewhere, or without verifying the person; `taken`: it is somebody's already. */
export type PasskeyProblem = 'not_made' | 'taken' | 'too_many' | 'unnamed'

type Props = { passkeys: OwnCredential[]; hasPassword: boolean; problem?: PasskeyProblem | undefined; now: number }

export const PasskeysPanel = ({ passkeys, hasPassword, problem, now }: Props) => (
  <div class="panel" id="passkeys">
    <header>
      <h3>Passkeys</h3>
      <p>Sign in with your fingerprint, face, or screen lock instead of a password.</p>
      <button class="button with-passkeys" form={ADD}>
        Add a passkey
      </button>
    </header>
    <PasskeyForm
      id={ADD}
      kind="create"
      action="/account/passkeys"
      options="/account/passkeys/options"
      problem={problem && WORDS[problem]}
    />
    {passkeys.length > 0 && (
      <ul class="mailbox">
        {passkeys.map((passkey) => (
          <Passkey {...{ passkey, now }} isLast={passkeys.length === 1} hasPassword={hasPassword} />
        ))}
      </ul>
    )}
  </div>
)

const ADD = 'add-passkey'

type RowProps = { passkey: OwnCredential; isLast: boolean; hasPassword: boolean; now: number }

const Passkey = ({ passkey, isLast, hasPassword, now }: RowProps) => (
  <li id={`passkey-${passkey.id}`}>
    <span>
      {nameOf(passkey)}
      <small>
        {passkey.details.backedUp ? 'Synced' : 'On one device only'}, <When at={passkey.createdAt} now={now} prefix="added" />
        {passkey.lastUsedAt && (
          <>
            , <When at={passkey.lastUsedAt} now={now} prefix="last used" />
          </>
        )}
      </small>
    </span>
    <div class="buttons">
      <ConfirmTrigger for={`name-${passkey.id}`} class="button small">
        Rename
        <Which passkey={passkey} />
      </ConfirmTrigger>
      <ConfirmTrigger for={`remove-${passkey.id}`} class="button small">
        Remove
        <Which passkey={passkey} />
      </ConfirmTrigger>
    </div>
    <Rename passkey={passkey} />
    <Remove {...{ passkey, isLast, hasPassword }} />
  </li>
)

const nameOf = ({ name }: OwnCredential) => name ?? 'Passkey'

const Which = ({ passkey }: { passkey: OwnCredential }) => <span class="visually-hidden"> {nameOf(passkey)}</span>

const Rename = ({ passkey }: { passkey: OwnCredential }) => (
  <Confirm
    id={`name-${passkey.id}`}
    title={`Rename ${nameOf(passkey)}`}
    action={`/account/passkeys/${passkey.id}/name`}
    button="Save"
    tone="primary"
    fields={
      <Field
        id={`name-of-${passkey.id}`}
        name="name"
        label="Name"
        value={nameOf(passkey)}
        maxlength={NAME_CHARACTERS}
        required
        autofocus
      />
    }
  >
    <p>Choose a name that tells you which device it is on.</p>
  </Confirm>
)

const Remove = ({ passkey, isLast, hasPassword }: Omit<RowProps, 'now'>) => (
  <Confirm
    id={`remove-${passkey.id}`}
    title={`Remove ${nameOf(passkey)}?`}
    action={`/account/passkeys/${passkey.id}/remove`}
    button="Remove passkey"
  >
    <p>
      You can no longer sign in with it, and you are signed out everywhere else.
      {isLast && hasPassword && ' It is your last passkey.'}
    </p>
    <p>It stays on your device until you delete it there as well.</p>
  </Confirm>
)

const WORDS: Record<PasskeyProblem, string> = {
  not_made: 'The passkey was not added. It took too long, or your device did not verify you. Try again.',
  taken: 'This passkey is in use already.',
  too_many: `You have ${PASSKEYS} passkeys. Remove one before you add another.`,
  unnamed: 'A passkey needs a name. It keeps the one it had.',
}
