import { NAME_CHARACTERS } from '../../src/limits'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { Invitation } from '../../src/models/invitations/invitation'
import { withQuery } from '../../src/paths'
import { Callout } from '../components/callout'
import { Field } from '../components/field'
import { shownAddress } from '../components/shown-address'
import { DateAndTime, When } from '../components/when'
import { NewPasswordField } from '../identity/new-password'
import { accessInWords, ROLES } from '../words'

/** What the pages of an invitation and of the link that a join link emailed have in common: who may join what, and as whom. */
type Offered = Pick<Invitation, 'email' | 'tenantName'>

export type JoinProblems = { name?: 'missing'; password?: PasswordProblem }
/** What was typed, and chosen of the memberships from before, in a form that was refused. */
export type JoinDraft = { name: string; keep: string[]; problems: JoinProblems; noPasskey?: boolean }

type FactsProps = { offer: Pick<Invitation, 'role' | 'sections' | 'agentMode' | 'agentCount' | 'expiresAt'>; now: number }

export const OfferFacts = ({ offer: { sections, expiresAt, ...access }, now }: FactsProps) => (
  <dl class="facts">
    <dt>Role</dt>
    <dd>{ROLES[access.role]}</dd>
    <dt>You will have access to</dt>
    <dd>{accessInWords({ ...access, sections: sections.map(({ name }) => name) })}</dd>
    <dt>Expires</dt>
    <dd>
      <When at={expiresAt} now={now} />
      <small>
        <DateAndTime at={expiresAt} />
      </small>
    </dd>
  </dl>
)

/** Password managers keep the password for this address. */
export const LoginAddress = ({ email }: Pick<Offered, 'email'>) => (
  <Field id="email" name="" label="Login address" autocomplete="username" readonly value={shownAddress(email)} />
)

export const OwnName = ({ name, problem }: { name: string | undefined; problem: JoinProblems['name'] }) => (
  <Field
    id="name"
    name="name"
    label="Your name"
    autocomplete="name"
    required
    maxlength={NAME_CHARACTERS}
    value={name}
    hint="Shown to your colleagues."
    error={problem && 'Enter your name.'}
  />
)

export const SetPassword = ({ problem }: { problem: JoinProblems['password'] }) => (
  <>
    <NewPasswordField label="Password" problem={problem} />
    <button class="button primary wide">Set My Password</button>
  </>
)

/** Of an account that was proven by signing in with it. */
export const SignedInAs = ({ email }: Pick<Offered, 'email'>) => (
  <p>
    You are signed in as <b>{shownAddress(email)}</b>. Your password and name stay as they are.
  </p>
)

/** The address has an account: it is proven by signing in, and nothing of it changes. */
export const SignInToJoin = ({ email, tenantName, page }: Offered & { page: string }) => (
  <>
    <p>
      <b>{shownAddress(email)}</b> already has an account. Sign in with it to join {tenantName}.
    </p>
    <a class="button primary wide" href={withQuery('/login', { next: page })}>
      Sign in to join
    </a>
  </>
)

type OtherPersonProps = Pick<Offered, 'email'> & { what: 'invitation' | 'link'; signedInAs: string; page: string }

export const OtherPerson = ({ what, email, signedInAs, page }: OtherPersonProps) => (
  <>
    <Callout tone="warn">
      This {what} is for <b>{shownAddress(email)}</b>. You are signed in as <b>{shownAddress(signedInAs)}</b>. The {what} has not
      been used.
    </Callout>
    <form class="form" method="post" action="/logout">
      <input type="hidden" name="next" value={page} />
      <button class="button primary wide">Sign out and continue as {shownAddress(email)}</button>
    </form>
    <a class="button wide" href="/">
      Stay signed in as {shownAddress(signedInAs)}
    </a>
  </>
)

/** The way on of a link that cannot be used. */
export const SignIn = ({ primary }: { primary?: boolean }) => (
  <a class={primary ? 'button primary wide' : 'button wide'} href="/login">
    Sign in
  </a>
)
