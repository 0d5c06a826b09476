import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { NoticeChoice } from '../../src/models/invitations/notice'
import type { Viewer } from '../../src/models/members/viewer'
import { Badge } from '../components/badge'
import { Choice } from '../components/choice'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Field, PasswordField } from '../components/field'
import { PageHead } from '../components/page-head'
import { When } from '../components/when'
import { again } from '../refusals'
import { browserOf } from './browser'
import { PASSWORD_HINT, PASSWORD_PROBLEMS } from './password-problems'

type Session = { id: string; userAgent: string; ip: string; createdAt: number; lastSeenAt: number; current: number }
export type AccountProblem =
  | { field: 'current'; problem: 'wrong' }
  | { field: 'current'; problem: 'too_many_tries'; retryAt: number }
  | { field: 'password'; problem: PasswordProblem }
export type AccountProps = {
  viewer: Viewer
  sessions: Session[]
  notices: NoticeChoice
  now: number
  problem: AccountProblem | undefined
}

const currentProblem = (problem: AccountProblem | undefined, now: number) => {
  if (problem?.field !== 'current') return undefined
  if (problem.problem === 'wrong') return 'That is not your current password.'
  return `Too many tries. ${again(problem.retryAt, now)}`
}

export const AccountPage = ({ viewer, sessions, notices, now, problem }: AccountProps) => (
  <section id="account" class="stack narrow">
    <PageHead title="Account" lead={`You sign in as ${viewer.email}.`} />
    <Name name={viewer.name ?? ''} />
    <Password problem={problem} now={now} />
    {viewer.role === 'admin' && <Notices chosen={notices} tenantName={viewer.tenantName} />}
    <Sessions sessions={sessions} now={now} />
    <Leave tenantName={viewer.tenantName} />
  </section>
)

const Name = ({ name }: { name: string }) => (
  <form class="panel form" method="post" action="/account/name">
    <h2>Your name</h2>
    <Field id="name" name="name" label="Name" autocomplete="name" maxlength={80} value={name} />
    <footer>
      <span>Shown to the people you work with and in the mails you send.</span>
      <button class="button">Save name</button>
    </footer>
  </form>
)

const Password = ({ problem, now }: { problem: AccountProblem | undefined; now: number }) => (
  <form class="panel form" method="post" action="/account/password">
    <h2>Password</h2>
    <PasswordField
      id="current"
      name="current"
      label="Current password"
      autocomplete="current-password"
      required
      error={currentProblem(problem, now)}
    />
    <PasswordField
      id="password"
      name="password"
      label="New password"
      autocomplete="new-password"
      required
      hint={problem?.field === 'password' ? undefined : PASSWORD_HINT}
      error={problem?.field === 'password' ? PASSWORD_PROBLEMS[problem.problem] : undefined}
    />
    <footer>
      <span>Your other sessions end, and a mail tells you that it changed.</span>
      <button class="button">Change password</button>
    </footer>
  </form>
)

const CHOICES: { value: NoticeChoice; title: string; detail: string }[] = [
  { value: 'each', title: 'As it happens', detail: 'A mail within a few minutes' },
  { value: 'daily', title: 'Once a day', detail: 'What happened since, in one mail' },
  { value: 'off', title: 'Never', detail: 'You find it under Users and Activity' },
]

const Notices = ({ chosen, tenantName }: { chosen: NoticeChoice; tenantName: string }) => (
  <form class="panel form" method="post" action="/account/notices">
    <header>
      <h2>News of your invitations</h2>
      <p>When somebody you invited to {tenantName} accepts or declines, or their invitation bounces or lapses, a mail tells you.</p>
    </header>
    <fieldset class="fieldset">
      <legend>How often</legend>
      {CHOICES.map(({ value, title, detail }) => (
        <Choice name="notices" value={value} title={title} detail={detail} checked={value === chosen} />
      ))}
    </fieldset>
    <footer>
      <span>For this workspace only.</span>
      <button class="button">Save</button>
    </footer>
  </form>
)

const Sessions = ({ sessions, now }: { sessions: Session[]; now: number }) => (
  <div class="panel">
    <header>
      <h2>Sessions</h2>
      <p>Where you are signed in. A session ends after 30 minutes without use, and after 12 hours in any case.</p>
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
    <form method="post" action="/account/sign-out">
      <footer>
        <span>You sign in again here too.</span>
        <button class="button">Sign out everywhere</button>
      </footer>
    </form>
  </div>
)

const Leave = ({ tenantName }: { tenantName: string }) => (
  <div class="panel">
    <header>
      <h2>Leave {tenantName}</h2>
      <p>Your role and access here go.</p>
    </header>
    <footer>
      <span>An admin can invite you again.</span>
      <ConfirmTrigger for="leave" class="button danger">
        Leave the workspace
      </ConfirmTrigger>
    </footer>
    <Confirm id="leave" title={`Leave ${tenantName}?`} action="/account/leave" button="Leave">
      <p>You are signed out at once and lose what you see here. What you have in other workspaces stays.</p>
    </Confirm>
  </div>
)

const End = ({ session }: { session: Session }) => (
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
