import type { PropsWithChildren } from 'hono/jsx'
import { NAME_CHARACTERS } from '../../src/limits'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { Invitation } from '../../src/models/invitations/invitation'
import { withQuery } from '../../src/paths'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Field, PasswordField } from '../components/field'
import { When } from '../components/when'
import { PASSWORD_HINT, PASSWORD_PROBLEMS } from '../identity/password-problems'
import { accessInWords, ROLES } from '../words'
import { type LinkForm, TokenField } from './link-form'
import { Suppressed } from './suppressed'

export type InvitationProblem = PasswordProblem
type Shown = { invitation: Invitation; now: number; form: LinkForm }
type Draft = { name: string; problem: InvitationProblem }

/** Where `public/app.js` tells that a person uses the page. */
const opened = ({ to }: LinkForm) => ({ 'data-opened': to.opened })

export const SetPasswordPage = ({ draft, ...shown }: Shown & { draft: Draft | undefined }) => (
  <Offer {...shown}>
    <form class="form" method="post" action={shown.form.to.accept} {...opened(shown.form)} novalidate>
      <TokenField token={shown.form.token} />
      <Field id="email" name="" label="Login address" autocomplete="username" readonly value={shown.invitation.email} />
      <Field
        id="name"
        name="name"
        label="Your name (optional)"
        autocomplete="name"
        maxlength={NAME_CHARACTERS}
        value={draft?.name}
      />
      <PasswordField
        id="password"
        name="password"
        label="Password"
        autocomplete="new-password"
        required
        hint={draft ? undefined : PASSWORD_HINT}
        error={draft && PASSWORD_PROBLEMS[draft.problem]}
      />
      <button class="button primary wide">Set my password</button>
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
          You are signed in as <b>{shown.invitation.email}</b>. Your password and name stay as they are.
        </p>
        <button class="button primary wide">Join {shown.invitation.tenantName}</button>
      </form>
    ) : (
      <div class="stack" {...opened(shown.form)}>
        <p>
          <b>{shown.invitation.email}</b> already has an account here. Sign in with it, then join with one button.
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
      This invitation is for <b>{shown.invitation.email}</b>. You are signed in as <b>{signedInAs}</b>. Nothing has happened to it
      yet.
    </Callout>
    <form class="form" method="post" action="/logout">
      <input type="hidden" name="next" value={shown.form.to.page} />
      <button class="button primary wide">Sign out and go on as {shown.invitation.email}</button>
    </form>
    <a class="button wide" href="/">
      Stay signed in as {signedInAs}
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
        <ConfirmTrigger for="never" class="button ghost small">
          Decline and never invite this address again
        </ConfirmTrigger>
      </div>
    </div>
    <Refusals {...shown} />
  </section>
)

const Facts = ({ invitation, now }: Shown) => (
  <div class="stack loose">
    <div class="stack">
      <h1>Join {invitation.tenantName}</h1>
      <p class="lead">
        {invitation.inviterName} invited <b>{invitation.email}</b>.
      </p>
    </div>
    {invitation.note && <blockquote class="note">{invitation.note}</blockquote>}
    <dl class="facts">
      <dt>Role</dt>
      <dd>{ROLES[invitation.role]}</dd>
      <dt>You will see</dt>
      <dd>{accessInWords({ ...invitation, sections: invitation.sections.map(({ name }) => name) })}</dd>
      <dt>Expires</dt>
      <dd>
        <When at={invitation.expiresAt} now={now} />
      </dd>
    </dl>
  </div>
)

const Refusals = ({ invitation: { tenantName, email }, form: { to, token } }: Shown) => (
  <>
    <Confirm
      id="decline"
      title="Decline the invitation?"
      action={to.decline}
      button="Decline"
      fields={<TokenField token={token} />}
    >
      <p>The link stops working, and the admins of {tenantName} see that you declined.</p>
    </Confirm>
    <Confirm
      id="never"
      title="Never invite this address again?"
      action={to.decline}
      button="Decline for good"
      fields={
        <>
          <TokenField token={token} />
          <input type="hidden" name="never" value="on" />
        </>
      }
    >
      <p>
        The admins of {tenantName} see that you declined. From then on {tenantName} cannot invite <b>{email}</b>, and admins who try
        learn only that it cannot be emailed. You can take this back for 24 hours, on the page of this link.
      </p>
    </Confirm>
  </>
)
