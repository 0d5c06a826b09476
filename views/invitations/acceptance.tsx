import type { PropsWithChildren } from 'hono/jsx'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { Invitation } from '../../src/models/invitations/acceptance'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Field, PasswordField } from '../components/field'
import { When } from '../components/when'
import { PASSWORD_HINT, PASSWORD_PROBLEMS } from '../identity/password-problems'
import { accessInWords, ROLES } from '../words'

export type InvitationProblem = PasswordProblem
type Shown = { invitation: Invitation; now: number }
type Draft = { name: string; problem: InvitationProblem }

/** Where `public/app.js` tells that a person uses the form. */
const OPENED = { 'data-opened': '/invitation/opened' }

export const SetPasswordPage = ({ invitation, now, draft }: Shown & { draft: Draft | undefined }) => (
  <Offer invitation={invitation} now={now}>
    <form class="form" method="post" action="/invitation/accept" {...OPENED}>
      <Field id="email" name="" label="Login address" type="email" autocomplete="username" readonly value={invitation.email} />
      <Field id="name" name="name" label="Your name (optional)" autocomplete="name" maxlength={80} value={draft?.name} />
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
export const JoinPage = ({ invitation, now, proven }: Shown & { proven: boolean }) => (
  <Offer invitation={invitation} now={now}>
    {proven ? (
      <form class="form" method="post" action="/invitation/accept" {...OPENED}>
        <p>
          You are signed in as <b>{invitation.email}</b>. Your password and name stay as they are.
        </p>
        <button class="button primary wide">Join {invitation.tenantName}</button>
      </form>
    ) : (
      <div class="stack" {...OPENED}>
        <p>
          <b>{invitation.email}</b> already has an account here. Sign in with it, then join with one button.
        </p>
        <a class="button primary wide" href="/login?next=%2Finvitation">
          Sign in to join
        </a>
      </div>
    )}
  </Offer>
)

export const OtherPersonPage = ({ invitation, now, signedInAs }: Shown & { signedInAs: string }) => (
  <Offer invitation={invitation} now={now}>
    <Callout tone="warn">
      This invitation is for <b>{invitation.email}</b>. You are signed in as <b>{signedInAs}</b>. Nothing has happened to it yet.
    </Callout>
    <form class="form" method="post" action="/logout">
      <input type="hidden" name="next" value="/invitation" />
      <button class="button primary wide">Sign out and go on as {invitation.email}</button>
    </form>
    <a class="button wide" href="/">
      Stay signed in as {signedInAs}
    </a>
  </Offer>
)

const Offer = ({ invitation, now, children }: PropsWithChildren<Shown>) => (
  <section id="invitation" class="pair">
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
        <dd>{accessInWords(invitation)}</dd>
        <dt>Lapses</dt>
        <dd>
          <When at={invitation.expiresAt} now={now} />
        </dd>
      </dl>
    </div>
    <div>
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
    <Confirm id="decline" title="Decline the invitation?" action="/invitation/decline" button="Decline">
      <p>The link stops working, and the admins of {invitation.tenantName} see that you declined.</p>
    </Confirm>
    <Confirm
      id="never"
      title="Never invite this address again?"
      action="/invitation/decline"
      button="Decline for good"
      fields={<input type="hidden" name="never" value="on" />}
    >
      <p>
        The admins of {invitation.tenantName} see that you declined. From then on no workspace can invite <b>{invitation.email}</b>,
        and admins who try learn only that it cannot be mailed. You cannot take this back yourself.
      </p>
    </Confirm>
  </section>
)
