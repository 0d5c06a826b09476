import { NAME_CHARACTERS } from '../../src/limits'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { OwnSession, Person } from '../../src/models/identity/session'
import { Badge } from '../components/badge'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Field, PasswordField } from '../components/field'
import { PageHead } from '../components/page-head'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'
import { again } from '../refusals'
import { browserOf } from './browser'
import { ConfirmAddress } from './confirm-address'
import { NewPasswordField } from './new-password'

export type AccountProblem =
  | { field: 'current'; problem: 'wrong' }
  | { field: 'current'; problem: 'too_many_tries'; retryAt: number }
  | { field: 'password'; problem: PasswordProblem }
  | { field: 'address'; problem: 'too_many_tries'; retryAt: number }
export type AccountProps = {
  person: Pick<Person, 'name' | 'email' | 'provedAt'>
  sessions: OwnSession[]
  now: number
  problem: AccountProblem | undefined
}

const currentProblem = (problem: AccountProblem | undefined, now: number) => {
  if (problem?.field !== 'current') return undefined
  if (problem.problem === 'wrong') return 'Incorrect password.'
  return `Too many attempts. ${again(problem.retryAt, now)}`
}

export const AccountPage = ({ person, sessions, now, problem }: AccountProps) => (
  <section id="account" class="stack narrow">
    <PageHead title="Account" lead={`You sign in with ${shownAddress(person.email)}.`} />
    {!person.provedAt && (
      <ConfirmAddress email={person.email} problem={problem?.field === 'address' ? problem : undefined} now={now} />
    )}
    <Name name={person.name ?? ''} />
    <Password email={person.email} problem={problem} now={now} />
    <Sessions sessions={sessions} now={now} />
    <p class="hint">
      Admins choose under <a href="/workspaces">Workspaces</a> when to get email about the invitations they sent.
    </p>
  </section>
)

const Name = ({ name }: { name: string }) => (
  <form class="panel form" method="post" action="/account/name">
    <h2>Your name</h2>
    <Field id="name" name="name" label="Name" autocomplete="name" maxlength={NAME_CHARACTERS} value={name} />
    <footer>
      <span>Shown in your workspaces and on the invitations you send.</span>
      <button class="button">Save name</button>
    </footer>
  </form>
)

type PasswordProps = { email: string; problem: AccountProblem | undefined; now: number }

const Password = ({ email, problem, now }: PasswordProps) => (
  <form class="panel form" method="post" action="/account/password" novalidate>
    <h2>Password</h2>
    {/* Password managers file the new password under it. */}
    <input type="text" autocomplete="username" value={shownAddress(email)} readonly hidden />
    <PasswordField
      id="current"
      name="current"
      label="Current password"
      autocomplete="current-password"
      required
      error={currentProblem(problem, now)}
    />
    <NewPasswordField label="New password" problem={problem?.field === 'password' ? problem.problem : undefined} />
    <footer>
      <span>You will be signed out everywhere else, and we will email you a confirmation.</span>
      <button class="button">Change password</button>
    </footer>
  </form>
)

const Sessions = ({ sessions, now }: { sessions: OwnSession[]; now: number }) => (
  <div class="panel">
    <header>
      <h2>Sessions</h2>
      <p>Where you are signed in. A session ends after 30 minutes of inactivity, or after 12 hours.</p>
    </header>
    <ul class="mailbox">
      {sessions.map((session) => (
        <li id={`session-${session.id}`}>
          <span>
            {browserOf(session.userAgent)}
            <small>
              {session.ip}, last used <When at={session.lastSeenAt} now={now} prefix="" />
            </small>
          </span>
          {session.current ? <Badge tone="active">This session</Badge> : <End session={session} />}
        </li>
      ))}
    </ul>
    <footer>
      <span>You will be signed out on this device too.</span>
      <ConfirmTrigger for="sign-out" class="button">
        Sign out everywhere
      </ConfirmTrigger>
    </footer>
    <Confirm id="sign-out" title="Sign out everywhere?" action="/account/sign-out" button="Sign out everywhere">
      <p>All your sessions end, including this one. Your workspaces and access stay the same.</p>
    </Confirm>
  </div>
)

const End = ({ session }: { session: OwnSession }) => (
  <form
    method="post"
    action={`/account/sessions/${session.id}/end`}
    hx-post={`/account/sessions/${session.id}/end`}
    hx-target="#account"
    hx-disable="find button"
  >
    <button class="button small">
      End<span class="visually-hidden"> {browserOf(session.userAgent)}</span>
    </button>
  </form>
)
