import type { Child } from 'hono/jsx'
import type { JoinReason, Proof } from '../../src/models/join-links/join-proof'
import type { joinProofPaths } from '../../src/paths'
import type { IconName } from '../components/icon'
import { Message } from '../components/message'
import { SignIn } from '../invitations/joining'
import { TokenField } from '../invitations/link-form'
import { eitherDomain } from './join-words'

/** What the forms of the page act by, as `LinkForm` of an invitation. */
export type JoinProofForm = { token: string; to: ReturnType<typeof joinProofPaths> }
type Told = { workspace: string; proof: Proof; form: JoinProofForm }
type Words = (told: Told) => { icon: IconName; title: string; text: string; way: Child }

const WORDS: Record<JoinReason, Words> = {
  already_active: ({ workspace }) => ({
    icon: 'circle-check',
    title: `You are in ${workspace} already`,
    text: 'Sign in with your password. If you forgot it, you can reset it from there.',
    way: <SignIn primary />,
  }),
  already_disabled: ({ workspace }) => ({
    icon: 'ban',
    title: `You cannot use ${workspace} at the moment`,
    text: `Your access to ${workspace} was turned off. Ask one of its admins to turn it on again.`,
    way: <SignIn />,
  }),
  already_pending: ({ workspace, proof, form }) => ({
    icon: 'mail-check',
    title: `You are invited to ${workspace} already`,
    text: proof.invitation
      ? 'Continue with your invitation. You get the role and access that it names.'
      : 'Open the link in the email that invited you. This one no longer works.',
    way: proof.invitation && (
      <form method="post" action={form.to.invitation}>
        <TokenField token={form.token} />
        <button class="button primary wide">Open my invitation</button>
      </form>
    ),
  }),
  already_waiting: ({ workspace }) => ({
    icon: 'clock',
    title: 'Waiting for approval',
    text: `The admins of ${workspace} can see your request. We will email you the answer.`,
    way: null,
  }),
  used: ({ workspace }) => ({
    icon: 'circle-alert',
    title: 'This link was used already',
    text: `If you still need access to ${workspace}, open the join link again, or ask one of its admins.`,
    way: <SignIn />,
  }),
  turned_off: ({ workspace }) => ({
    icon: 'ban',
    title: 'The join link was turned off',
    text: `To join ${workspace}, ask one of its admins for an invitation.`,
    way: <SignIn />,
  }),
  preset_gone: ({ workspace }) => ({
    icon: 'ban',
    title: 'The join link no longer works',
    text: `To join ${workspace}, ask one of its admins for a new link.`,
    way: <SignIn />,
  }),
  link_expired: ({ workspace }) => ({
    icon: 'clock-alert',
    title: 'The join link has expired',
    text: `To join ${workspace}, ask one of its admins for a new link.`,
    way: <SignIn />,
  }),
  expired: () => ({
    icon: 'clock-alert',
    title: 'This link has expired',
    text: 'It worked for an hour. Open the join link again and enter your email to get a fresh one.',
    way: <SignIn />,
  }),
  wrong_domain: ({ proof }) => ({
    icon: 'circle-alert',
    title: 'This address cannot join',
    text: `This join link is for addresses at ${eitherDomain(proof.linkDomains)}. Open it again and enter one of those.`,
    way: null,
  }),
  domain_not_allowed: ({ workspace }) => ({
    icon: 'circle-alert',
    title: 'This address cannot join',
    text: `${workspace} accepts only addresses at some domains. Open the join link again and enter another one, or ask an admin.`,
    way: null,
  }),
  no_seat: ({ workspace }) => ({
    icon: 'circle-alert',
    title: 'No seat is free',
    text: `${workspace} has as many people as it may have. Ask one of its admins, and open this link again once a seat is free.`,
    way: null,
  }),
  full: ({ workspace }) => ({
    icon: 'circle-alert',
    title: 'The join link has no uses left',
    text: `As many people as it was made for have used it. To join ${workspace}, ask one of its admins for a new link.`,
    way: <SignIn />,
  }),
}

/** An authentic link that cannot be used says why, and what to do. */
export const ProofSpentPage = ({ proof, form }: { proof: Proof; form: JoinProofForm }) => {
  const { icon, title, text, way } = WORDS[proof.state === 'open' ? 'used' : proof.state]({
    workspace: proof.tenantName,
    proof,
    form,
  })
  return (
    <section id="join">
      <Message icon={icon} title={title}>
        <p>{text}</p>
        {way}
      </Message>
    </section>
  )
}
