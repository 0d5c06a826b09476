import type { PropsWithChildren } from 'hono/jsx'
import assets from '../assets.json'
import { Icon } from './icon'

type Props = PropsWithChildren<{
  id?: string
  /** To use a passkey, or to make one. */
  kind: 'get' | 'create'
  action: string
  /** Where a script asks what the passkey is to sign: with every field of the form but `next` and `draft`. */
  options: string
  /** None where one stands elsewhere, for the form of this id. */
  button?: string | undefined
  class?: string
  /** The browser offers passkeys also in the field of the page whose `autocomplete` ends in `webauthn`. */
  autofill?: boolean
  problem?: string | undefined
}>

/** A form that is sent with the answer of a passkey in `response`; without one where the script could not ask for it. The children are its fields. */
export const PasskeyForm = ({ id, kind, action, options, button, class: look = 'button', autofill, problem, children }: Props) => (
  <form
    id={id}
    class="passkey"
    method="post"
    action={action}
    data-passkey={kind}
    data-options={options}
    data-autofill={autofill ? 'yes' : undefined}
    novalidate
  >
    {children}
    <PasskeyPart button={button} class={look} problem={problem} />
  </form>
)

type PartProps = Pick<Props, 'button' | 'class' | 'problem'>

/** Of a form that asks for a passkey, which has `data-passkey` and `data-options`. With `data-either` it does so only where this button sends it. */
export const PasskeyPart = ({ button, class: look, problem }: PartProps) => (
  <>
    <input type="hidden" name="response" value="" autocomplete="off" />
    {button && (
      <button class={`${look} with-passkeys`}>
        <Icon name="key" />
        {button}
      </button>
    )}
    <p class="error" role="alert" hidden={!problem}>
      {problem}
    </p>
    <NoPasskeys />
    <script type="module" src={assets.passkeys}></script>
  </>
)

const NoPasskeys = () => (
  <>
    <p class="hint without-passkeys">This browser does not support passkeys.</p>
    <noscript>
      <p class="hint">Passkeys need JavaScript, which is turned off in this browser.</p>
    </noscript>
  </>
)
