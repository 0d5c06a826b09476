import type { PropsWithChildren } from 'hono/jsx'

export type Tone = 'active' | 'pending' | 'expired' | 'bounced' | 'disabled' | 'quiet'

export const Badge = ({ tone, children }: PropsWithChildren<{ tone: Tone }>) => <span class={`badge ${tone}`}>{children}</span>
