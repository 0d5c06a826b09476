import type { PropsWithChildren } from 'hono/jsx'
import { Icon, type IconName } from './icon'

const ICONS = { info: 'info', warn: 'triangle-alert', bad: 'circle-alert' } as const

type CalloutProps = PropsWithChildren<{ id?: string | undefined; tone: 'info' | 'warn' | 'bad'; icon?: IconName | undefined }>

export const Callout = ({ id, tone, icon, children }: CalloutProps) => (
  <div id={id} class={`callout ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
    <Icon name={icon ?? ICONS[tone]} />
    <div>{children}</div>
  </div>
)
