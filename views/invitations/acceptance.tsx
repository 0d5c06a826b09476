import type { PropsWithChildren } from 'hono/jsx'
import { NAME_CHARACTERS } from '../../src/limits'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { Invitation } from '../../src/models/invitations/invitation'
import { withQuery } from '../../src/paths'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Field } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { DateAndTime, When } from '../components/when'
import { NewPasswordField } from '../identity/new-password'
import { TakeOver } from '../identity/take-over'
import { accessInWords, ROLES } from '../words'
import { type LinkForm, TokenField } from './link-form'
import { Suppressed } from './suppressed'

export type InvitationProblems = { name?: 'missing'; password?: PasswordProblem }
type Shown = { invitation: Invitation; now: number; form: LinkForm }
type Draft = { name: string; keep: string[]; problems: InvitationProblems }

/** Where `views/client/app.js` reports that a person uses the page. */
const opened = ({ to }: LinkForm) => ({ 'data-opened': to.opened })

/** Of somebody new, or of an account that becomes theirs by it. */
export const SetPasswordPage = ({ draft, ...shown }: Shown & { draft: Draft | undefined }) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.accept} {...opened(shown.form)} novalidate>
      <TokenField token={shown.form.token} />
      {shown.invitation.account === 'unproven' && <TakeOver {...shown.invitation} keep={draft?.keep} />}
      <Field
        id="email"
        name=""
        label="Login address"
        autocomplete="username"
        readonly
        value={shownAddress(shown.invitation.email)}
      />
      <Field
        id="name"
        name="name"
        label="Your name"
        autocomplete="name"
        required
        maxlength={NAME_CHARACTERS}
        value={draft?.name ?? shown.invitation.invitedName ?? undefined}
        hint="Shown to your colleagues."
        error={draft?.problems.name && 'Enter your name.'}
      />
      <NewPasswordField label="Password" problem={draft?.problems.password} />
      <button class="button primary wide">Set My Password</button>
    </form>
  </Offer>
)

/** A link that was handed over makes an account, and opens nothing for one that is there and unproven: that takes the link in the email. */
export const EmailedLinkOnlyPage = (shown: Shown) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.renew} {...opened(shown.form)}>
      <TokenField token={shown.form.token} />
      <p>
        <b>{shownAddress(shown.invitation.email)}</b> already has an account, but no one has confirmed the address. To join{' '}
        {shown.invitation.tenantName}, use the link that we emailed to it. This link has not been used.
      </p>
      <button class="button primary wide">Email me the link</button>
    </form>
  </Offer>
)

/** The address has an account: it is proven by signing in, and nothing of it changes. */
export const JoinPage = ({ proven, ...shown }: Shown & { proven: boolean }) => (
  <Offer {...shown}>
    {proven ? (
      <form class="form" method="post" action={shown.form.to.accept} {...opened(shown.form)}>
        <TokenField token={shown.form.token} />
        <p>
          You are signed in as <b>{shownAddress(shown.invitation.email)}</b>. Your password and name stay as they are.
        </p>
        <button class="button primary wide">Join {shown.invitation.tenantName}</button>
      </form>
    ) : (
      <div class="stack" {...opened(shown.form)}>
        <p>
          <b>{shownAddress(shown.invitation.email)}</b> already has an account. Sign in with it to join{' '}
          {shown.invitation.tenantName}.
        </p>
        <a class="button primary wide" href={withQuery('/login', { next: shown.form.to.page })}>
          Sign in to join
        </a>
      </div>
    )}
  </Offer>
)

export const OtherPersonPage = ({ signedInAs, ...shown }: Shown & { signedInAs: string }) => (
  <Offer {...shown}>
    <Callout tone="warn">
      This invitation is for <b>{shownAddress(shown.invitation.email)}</b>. You are signed in as <b>{shownAddress(signedInAs)}</b>.
      The invitation has not been used.
    </Callout>
    <form class="form" method="post" action="/logout">
      <input type="hidden" name="next" value={shown.form.to.page} />
      <button class="button primary wide">Sign out and continue as {shownAddress(shown.invitation.email)}</button>
    </form>
    <a class="button wide" href="/">
      Stay signed in as {shownAddress(signedInAs)}
    </a>
  </Offer>
)

const Offer = ({ children, ...shown }: PropsWithChildren<Shown>) => (
  <section id="invitation" class="pair">
    <Facts {...shown} />
    <div>
      {shown.invitation.suppression && <Suppressed {...shown} suppression={shown.invitation.suppression} />}
      <div class="card">{children}</div>
      <div class="after">
        <ConfirmTrigger for="decline" class="button ghost small">
          Decline the invitation
        </ConfirmTrigger>
      </div>
    </div>
    <Decline {...shown} />
  </section>
)

const Facts = ({ invitation, now }: Shown) => (
  <div class="stack loose">
    <div class="stack">
      <h1>Join {invitation.tenantName}</h1>
      <p class="lead">
        {shownAddress(invitation.inviterName)} invited <b>{shownAddress(invitation.email)}</b>.
      </p>
    </div>
    {invitation.note && <blockquote class="note">{invitation.note}</blockquote>}
    <dl class="facts">
      <dt>Role</dt>
      <dd>{ROLES[invitation.role]}</dd>
      <dt>You will have access to</dt>
      <dd>{accessInWords({ ...invitation, sections: invitation.sections.map(({ name }) => name) })}</dd>
      <dt>Expires</dt>
      <dd>
        <When at={invitation.expiresAt} now={now} />
        <small>
          <DateAndTime at={invitation.expiresAt} />
        </small>
      </dd>
    </dl>
  </div>
)

const Decline = ({ invitation: { tenantName, email }, form: { to, token } }: Shown) => (
  <Confirm
    id="decline"
    title="Decline the invitation?"
    action={to.decline}
    button="Decline"
    fields={
      <>
        <TokenField token={token} />
        <Never tenantName={tenantName} email={email} />
      </>
    }
  >
    <p>The link stops working, and the admins of {tenantName} see that you declined.</p>
  </Confirm>
)

const Never = ({ tenantName, email }: Pick<Invitation, 'tenantName' | 'email'>) => (
  <div class="field never">
    <label>
      <input type="checkbox" name="never" value="on" aria-describedby="never-hint" />
      Never invite me again
    </label>
    <p class="hint" id="never-hint">
      {tenantName} can no longer email {shownAddress(email)}. Its admins see only that this address cannot be emailed. To undo this,
      open this link again within 24 hours.
    </p>
  </div>
)
