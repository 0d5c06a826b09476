import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Htmx } from './field'
import type { IconName } from './icon'
import { Icon } from './icon'

type ConfirmProps = PropsWithChildren<
  Htmx & {
    'data-to'?: string | undefined
    id: string
    title: Child
    action: string
    button: string
    keep?: string | undefined
    /** Of what takes nothing away. */
    tone?: 'primary' | undefined
    fields?: Child | undefined
  }
>

/** Asks before something that cannot be undone; the children say what will happen. Opened by a `ConfirmTrigger`. */
export const Confirm = ({ id, title, children, action, button, keep, tone, fields, ...htmx }: ConfirmProps) => (
  <dialog class="confirm" id={id} aria-labelledby={`${id}-title`} aria-describedby={`${id}-body`} {...{ closedby: 'any' }}>
    <h2 id={`${id}-title`}>{title}</h2>
    <div class="stack" id={`${id}-body`}>
      {children}
    </div>
    <form method="post" action={action} hx-disable="find button" {...htmx}>
      {fields}
      <div class="buttons">
        <button type="button" class="button" {...{ command: 'close', commandfor: id }} autofocus>
          {keep ?? 'Cancel'}
        </button>
        <button class={`button ${tone ?? 'primary danger'}`}>{button}</button>
      </div>
    </form>
  </dialog>
)

type TriggerProps = PropsWithChildren<{
  for: string
  icon?: IconName | undefined
  class?: string | undefined
  title?: string | undefined
  'data-for'?: string | undefined
}>

export const ConfirmTrigger = ({ for: id, icon, children, ...look }: TriggerProps) => (
  <button type="button" {...look} aria-haspopup="dialog" {...{ command: 'show-modal', commandfor: id }}>
    {icon && <Icon name={icon} />}
    {children}
  </button>
)
