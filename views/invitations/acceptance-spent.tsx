import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Invitation, InvitationState } from '../../src/models/invitations/invitation'
import type { RenewalReason } from '../../src/models/invitations/renewal'
import { Callout } from '../components/callout'
import type { IconName } from '../components/icon'
import { Message } from '../components/message'
import { When } from '../components/when'
import { SignIn } from './joining'
import { type LinkForm, TokenField } from './link-form'
import { Suppressed } from './suppressed'

export type Limited = { reason: Exclude<RenewalReason, 'not_pending'>; retryAt: number | null }
type Props = { invitation: Invitation | undefined; now: number; limited: Limited | undefined; form: LinkForm }

/** An authentic link that cannot be used explains itself and offers one working way on. */
export const InvitationSpentPage = ({ invitation, now, limited, form }: Props) => {
  const state = spentState(invitation)
  const { title, text, way } = WORDS[state]({
    tenantName: invitation?.tenantName ?? 'the workspace',
    newestMailAt: invitation?.newestMailAt ?? now,
    now,
    form,
  })
  return (
    <section id="invitation">
      <Message icon={ICONS[state]} title={title}>
        <p>{text}</p>
        {limited && <Callout tone="bad">{limitInWords(limited, now)}</Callout>}
        {invitation?.suppression && <Suppressed {...{ invitation, form }} suppression={invitation.suppression} />}
        {way}
      </Message>
    </section>
  )
}

const LIMITS: Record<Exclude<Limited['reason'], keyof typeof REFUSED>, string> = {
  too_soon: 'We emailed you a moment ago.',
  too_often: 'You have asked for this link too often today.',
}

const REFUSED = {
  cannot_be_mailed: 'This workspace cannot email this address. Ask one of its admins to invite you at another one.',
  past_end: 'Your access was limited to a date that has passed. Ask one of the admins for a later one.',
  no_seat: 'This workspace has no free seat at the moment. Ask one of its admins.',
}

const limitInWords = ({ reason, retryAt }: Limited, now: number) =>
  reason === 'cannot_be_mailed' || reason === 'no_seat' || reason === 'past_end' ? (
    REFUSED[reason]
  ) : (
    <>
      {LIMITS[reason]} You can ask again <When at={retryAt ?? now} now={now} prefix="" />.
    </>
  )

/** The KV list knows only that a link was used, not for what. */
const spentState = (invitation: Invitation | undefined) =>
  !invitation || invitation.state === 'open' ? 'accepted' : invitation.state

const ICONS: Record<Exclude<InvitationState, 'open'>, IconName> = {
  accepted: 'circle-check',
  expired: 'clock-alert',
  ended: 'clock-alert',
  superseded: 'mail-check',
  cancelled: 'ban',
  declined: 'x',
}

type Told = { tenantName: string; newestMailAt: number; now: number; form: LinkForm }
type Words = (told: Told) => { title: string; text: Child; way: Child }

const WORDS: Record<Exclude<InvitationState, 'open'>, Words> = {
  accepted: () => ({
    title: 'You already accepted this invitation',
    text: (
      <>
        Sign in with your password, or <a href="/forgot-password">reset it</a> if you forgot it.
      </>
    ),
    way: <SignIn primary />,
  }),
  expired: ({ tenantName, form }) => ({
    title: 'This link has expired',
    text: `Your invitation to ${tenantName} is still open. We can email a fresh link to the invited address.`,
    way: <Renew form={form}>Email me a fresh link</Renew>,
  }),
  ended: ({ tenantName }) => ({
    title: 'This invitation has ended',
    text: `Your access to ${tenantName} was limited to a date that has passed. Ask one of its admins for a later one.`,
    way: <SignIn />,
  }),
  superseded: ({ tenantName, newestMailAt, now, form }) => ({
    title: 'A newer link was emailed',
    text: (
      <>
        The newest invitation to {tenantName} was emailed <When at={newestMailAt} now={now} prefix="" />. Only that link works.
      </>
    ),
    way: <Renew form={form}>Email me the newest link</Renew>,
  }),
  cancelled: ({ tenantName }) => ({
    title: 'This invitation was withdrawn',
    text: `If you still need access to ${tenantName}, ask the admin who invited you.`,
    way: <SignIn />,
  }),
  declined: ({ tenantName }) => ({
    title: 'You declined this invitation',
    text: `Changed your mind? Ask an admin of ${tenantName} to invite you again.`,
    way: <SignIn />,
  }),
}

const Renew = ({ form: { to, token }, children }: PropsWithChildren<{ form: LinkForm }>) => (
  <form method="post" action={to.renew}>
    <TokenField token={token} />
    <button class="button primary wide">{children}</button>
  </form>
)
