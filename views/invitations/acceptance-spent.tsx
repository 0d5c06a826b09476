import type { Child } from 'hono/jsx'
import type { Invitation, InvitationState } from '../../src/models/invitations/acceptance'
import type { ReissueRefusal } from '../../src/models/invitations/resend'
import { Callout } from '../components/callout'
import type { IconName } from '../components/icon'
import { Message } from '../components/message'
import { When } from '../components/when'

export type Limited = { reason: Exclude<ReissueRefusal, 'not_pending'>; retryAt: number }
type Props = { invitation: Invitation | undefined; now: number; limited: Limited | undefined }

/** An authentic link that cannot be used explains itself and offers one working way on. */
export const InvitationSpentPage = ({ invitation, now, limited }: Props) => {
  const state = spentState(invitation)
  const { title, text, way } = WORDS[state](invitation?.tenantName ?? 'the workspace', invitation?.newestMailAt ?? null, now)
  return (
    <section id="invitation">
      <Message icon={ICONS[state]} title={title}>
        <p>{text}</p>
        {limited && <Callout tone="bad">{limitInWords(limited, now)}</Callout>}
        {way}
      </Message>
    </section>
  )
}

const NO_MORE_TODAY = 'No more mail can go out today.'
const LIMITS: Record<Exclude<Limited['reason'], 'cannot_be_mailed'>, string> = {
  too_soon: 'A mail went out not long ago.',
  too_often: 'A mail went out not long ago.',
  too_many_mails: NO_MORE_TODAY,
  too_many_mails_in_all: NO_MORE_TODAY,
}

const limitInWords = ({ reason, retryAt }: Limited, now: number) =>
  reason === 'cannot_be_mailed' ? (
    'We do not write to this address any more. Ask an admin of the workspace to invite you with another one.'
  ) : (
    <>
      {LIMITS[reason]} You can ask again <When at={retryAt} now={now} prefix="" />.
    </>
  )

/** The KV list knows only that a link was used, not for what. */
const spentState = (invitation: Invitation | undefined) =>
  !invitation || invitation.state === 'open' ? 'accepted' : invitation.state

const ICONS: Record<Exclude<InvitationState, 'open'>, IconName> = {
  accepted: 'circle-check',
  expired: 'clock-alert',
  superseded: 'mail-check',
  cancelled: 'ban',
  declined: 'x',
}

type Words = (tenantName: string, newestMailAt: number | null, now: number) => { title: string; text: Child; way: Child }

const WORDS: Record<Exclude<InvitationState, 'open'>, Words> = {
  accepted: () => ({
    title: 'This invitation was accepted already',
    text: 'The password is set. Sign in with it, or ask for a new one if it is forgotten.',
    way: <SignIn primary />,
  }),
  expired: (tenantName) => ({
    title: 'This invitation has lapsed',
    text: `The invitation to ${tenantName} still stands, only its link is too old. We can mail a fresh one to the invited address.`,
    way: <Renew>Mail me a fresh link</Renew>,
  }),
  superseded: (tenantName, newestMailAt, now) => ({
    title: 'A newer link was mailed',
    text: (
      <>
        The newest invitation to {tenantName} was mailed <When at={newestMailAt ?? now} now={now} prefix="" />. Only that link
        works.
      </>
    ),
    way: <Renew>Mail me the newest link</Renew>,
  }),
  cancelled: (tenantName) => ({
    title: 'This invitation was withdrawn',
    text: `If you still need access to ${tenantName}, ask the admin who invited you.`,
    way: <SignIn />,
  }),
  declined: (tenantName) => ({
    title: 'You declined this invitation',
    text: `Changed your mind? Ask an admin of ${tenantName} to invite you again. If this address is never to be invited, give them another one.`,
    way: <SignIn />,
  }),
}

const SignIn = ({ primary }: { primary?: boolean }) => (
  <a class={primary ? 'button primary wide' : 'button wide'} href="/login">
    Sign in
  </a>
)

const Renew = ({ children }: { children: Child }) => (
  <form method="post" action="/invitation/renew">
    <button class="button primary wide">{children}</button>
  </form>
)
