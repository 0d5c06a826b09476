import type { Child, PropsWithChildren } from 'hono/jsx'
import { NAME_CHARACTERS } from '../../src/limits'
import type { JoinReason, Proof } from '../../src/models/join-links/proof'
import { type joinProofPaths, withQuery } from '../../src/paths'
import { Callout } from '../components/callout'
import { Field } from '../components/field'
import type { IconName } from '../components/icon'
import { Message } from '../components/message'
import { shownAddress } from '../components/shown-address'
import { DateAndTime, When } from '../components/when'
import { NewPasswordField } from '../identity/new-password'
import { TakeOver } from '../identity/take-over'
import type { InvitationProblems } from '../invitations/acceptance'
import { TokenField } from '../invitations/link-form'
import { accessInWords, ROLES } from '../words'
import { eitherDomain } from './join-words'

type Form = { token: string; to: ReturnType<typeof joinProofPaths> }
type Shown = { proof: Proof; now: number; form: Form }
type Draft = { name: string; keep: string[]; problems: InvitationProblems }
type Drafted = Shown & { draft: Draft | undefined }

/** Who has a proven account is signed in with it here, and joins with one button; anybody else sets a password. */
export const ConfirmPage = ({ draft, ...shown }: Drafted) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.join} novalidate>
      <TokenField token={shown.form.token} />
      {shown.proof.account === 'proven' ? (
        <>
          <SignedIn {...shown} />
          <button class="button primary wide">Join {shown.proof.tenantName}</button>
        </>
      ) : (
        <>
          {shown.proof.account === 'unproven' && <TakeOver {...shown.proof} keep={draft?.keep} />}
          <LoginAddress {...shown} />
          <NameField draft={draft} />
          <NewPasswordField label="Password" problem={draft?.problems.password} />
          <button class="button primary wide">Set My Password</button>
        </>
      )}
    </form>
  </Offer>
)

/** A password is set once the request is approved: until then there is no account. */
export const AskPage = ({ draft, ...shown }: Drafted) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.ask} novalidate>
      <TokenField token={shown.form.token} />
      {shown.proof.account === 'proven' ? (
        <SignedIn {...shown} />
      ) : (
        <>
          <LoginAddress {...shown} />
          <NameField draft={draft} />
        </>
      )}
      <p>An admin of {shown.proof.tenantName} approves each request. We will email you the answer.</p>
      <button class="button primary wide">Ask to join {shown.proof.tenantName}</button>
    </form>
  </Offer>
)

const LoginAddress = ({ proof }: Shown) => (
  <Field id="email" name="" label="Login address" autocomplete="username" readonly value={shownAddress(proof.email)} />
)

const NameField = ({ draft }: Pick<Drafted, 'draft'>) => (
  <Field
    id="name"
    name="name"
    label="Your name"
    autocomplete="name"
    required
    maxlength={NAME_CHARACTERS}
    value={draft?.name}
    hint="Shown to your colleagues."
    error={draft?.problems.name && 'Enter your name.'}
  />
)

const SignedIn = ({ proof }: Shown) => (
  <p>
    You are signed in as <b>{shownAddress(proof.email)}</b>. Your password and name stay as they are.
  </p>
)

export const SignInPage = (shown: Shown) => (
  <Offer {...shown}>
    <div class="stack">
      <p>
        <b>{shownAddress(shown.proof.email)}</b> already has an account. Sign in with it to join {shown.proof.tenantName}.
      </p>
      <a class="button primary wide" href={withQuery('/login', { next: shown.form.to.page })}>
        Sign in to join
      </a>
    </div>
  </Offer>
)

export const OtherPage = ({ signedInAs, ...shown }: Shown & { signedInAs: string }) => (
  <Offer {...shown}>
    <Callout tone="warn">
      This link is for <b>{shownAddress(shown.proof.email)}</b>. You are signed in as <b>{shownAddress(signedInAs)}</b>. The link
      has not been used.
    </Callout>
    <form class="form" method="post" action="/logout">
      <input type="hidden" name="next" value={shown.form.to.page} />
      <button class="button primary wide">Sign out and continue as {shownAddress(shown.proof.email)}</button>
    </form>
    <a class="button wide" href="/">
      Stay signed in as {shownAddress(signedInAs)}
    </a>
  </Offer>
)

const Offer = ({ children, proof, now }: PropsWithChildren<Shown>) => (
  <section id="join" class="pair">
    <div class="stack loose">
      <div class="stack">
        <h1>Join {proof.tenantName}</h1>
        <p class="lead">
          With <b>{shownAddress(proof.email)}</b>, by a link that {shownAddress(proof.makerName)} shared.
        </p>
      </div>
      <dl class="facts">
        <dt>Role</dt>
        <dd>{ROLES.user}</dd>
        <dt>You will have access to</dt>
        <dd>{accessInWords({ ...proof, role: 'user', sections: proof.sections.map(({ name }) => name) })}</dd>
        <dt>Expires</dt>
        <dd>
          <When at={proof.expiresAt} now={now} />
          <small>
            <DateAndTime at={proof.expiresAt} />
          </small>
        </dd>
      </dl>
    </div>
    <div>
      <div class="card">{children}</div>
    </div>
  </section>
)

type Told = { workspace: string; proof: Proof; form: Form }
type Words = (told: Told) => { icon: IconName; title: string; text: string; way: Child }

const SignIn = ({ primary }: { primary?: boolean }) => (
  <a class={primary ? 'button primary wide' : 'button wide'} href="/login">
    Sign in
  </a>
)

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
    text: 'Continue with your invitation. You get the role and access that it names.',
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
export const ProofSpentPage = ({ proof, form }: { proof: Proof; form: Form }) => {
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
