import type { Child, PropsWithChildren } from 'hono/jsx'
import { PASSWORD_CHARACTERS } from '../../src/limits'
import { Icon } from './icon'

/** Attributes such as `hx-get` that a page hands through to the control. */
export type Htmx = { [attribute: `hx-${string}`]: string | undefined }

export type FieldProps = Htmx & {
  id: string
  name: string
  label: string
  type?: 'text' | 'url' | 'search' | 'number' | 'password' | 'date' | undefined
  value?: string | number | undefined
  error?: string | undefined
  /** What can be done about the error: it stands below it. */
  way?: Child | undefined
  hint?: Child | undefined
  placeholder?: string | undefined
  autocomplete?: string | undefined
  required?: boolean | undefined
  autofocus?: boolean | undefined
  maxlength?: number | undefined
  /** Of a date: the earliest, as `2026-12-31`. */
  min?: string | undefined
  inputmode?: 'text' | 'email' | 'url' | 'numeric' | undefined
  autocapitalize?: 'none' | undefined
  spellcheck?: boolean | undefined
  readonly?: boolean | undefined
  /** In characters as the server counts them: told beside the label, and never cut off like what passes a `maxlength`. */
  limit?: number | undefined
  /** The same for a minimum. */
  least?: number | undefined
}

export const Field = (props: FieldProps) => (
  <Labelled {...props}>
    <input type={props.type ?? 'text'} value={props.value} {...controlOf(props)} />
  </Labelled>
)

export const PasswordField = (props: FieldProps & { autocomplete: 'current-password' | 'new-password' }) => (
  <Labelled {...props} least={leastOf(props)}>
    <span class="password">
      <input type="password" spellcheck={false} autocapitalize="off" autocorrect="off" {...rulesOf(props)} {...controlOf(props)} />
      <button
        type="button"
        class="reveal"
        aria-controls={props.id}
        aria-pressed="false"
        aria-label={`Show ${props.label.toLowerCase()}`}
      >
        <Icon name="eye" />
      </button>
    </span>
  </Labelled>
)

/** For browsers and password managers, in characters as they count them; without a maximum, which would cut off what is pasted. */
const rulesOf = (props: FieldProps) =>
  leastOf(props)
    ? { minlength: leastOf(props), passwordrules: `minlength: ${leastOf(props)}; maxlength: ${PASSWORD_CHARACTERS.most};` }
    : {}

const leastOf = ({ autocomplete }: FieldProps) => (autocomplete === 'new-password' ? PASSWORD_CHARACTERS.least : undefined)

export const TextArea = ({ rows, ...props }: FieldProps & { rows?: number | undefined }) => (
  <Labelled {...props}>
    <textarea rows={rows ?? 3} {...controlOf(props)}>
      {props.value}
    </textarea>
  </Labelled>
)

/** `accept`: what the browser offers to choose from; what comes is judged by the server. */
export const FileField = ({ accept, ...props }: FieldProps & { accept: string }) => (
  <Labelled {...props}>
    <input type="file" accept={accept} {...controlOf(props)} />
  </Labelled>
)

export const SelectField = ({ children, ...props }: PropsWithChildren<FieldProps>) => (
  <Labelled {...props}>
    <select {...controlOf(props)}>{children}</select>
  </Labelled>
)

const Labelled = ({ id, label, error, way, hint, limit, least, value, children }: FieldProps & { children?: Child }) => (
  <div class="field">
    <label for={id}>{label}</label>
    {limit && (
      <span class="count" data-counts={id} data-limit={limit}>
        {[...`${value ?? ''}`].length} of {limit}
      </span>
    )}
    {least && (
      <span class="count with-script" data-counts={id} data-least={least} aria-hidden="true">
        0 of {least}
      </span>
    )}
    {children}
    {error && (
      <p class="error" id={`${id}-error`}>
        <Icon name="circle-alert" />
        <span>{error}</span>
      </p>
    )}
    {way}
    {hint && (
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    )}
  </div>
)

const controlOf = ({ label, type, value, error, way, hint, autofocus, limit, least, ...attributes }: FieldProps) => ({
  ...attributes,
  autofocus: autofocus || Boolean(error),
  'aria-invalid': error ? ('true' as const) : undefined,
  'aria-describedby': [error && `${attributes.id}-error`, hint && `${attributes.id}-hint`].filter(Boolean).join(' ') || undefined,
})
