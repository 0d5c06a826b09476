import type { PropsWithChildren } from 'hono/jsx'

type Tone = 'active' | 'pending' | 'expired' | 'bounced' | 'disabled' | 'ended' | 'quiet'

export const Badge = ({ tone, children }: PropsWithChildren<{ tone: Tone }>) => <span class={`badge ${tone}`}>{children}</span>
