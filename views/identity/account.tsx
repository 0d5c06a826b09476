import type { PropsWithChildren } from 'hono/jsx'
import { PageHead } from '../components/page-head'
import { shownAddress } from '../components/shown-address'
import type { AccountProps } from './account-props'
import { AppPanel } from './app-panel'
import { ConfirmAddress } from './confirm-address'
import { NamePanel } from './name-panel'
import { PasskeysPanel } from './passkeys-panel'
import { PasswordPanel } from './password-panel'
import { Protection } from './protection'
import { RecoveryPanel } from './recovery-panel'
import { SessionsPanel } from './sessions-panel'

export const AccountPage = ({ person, sessions, ways, now, problem }: AccountProps) => (
  <section id="account" class="account narrow">
    <PageHead title="Account" lead={`You sign in with ${shownAddress(person.email)}.`} />
    {!person.provedAt && (
      <ConfirmAddress email={person.email} problem={problem?.field === 'address' ? problem : undefined} now={now} />
    )}
    <Part title="Profile">
      <NamePanel name={person.name ?? ''} />
    </Part>
    <Part title="How you sign in">
      <Protection ways={ways} />
      <div class="joined">
        <PasswordPanel email={person.email} password={ways.password} problem={problem} now={now} />
        <PasskeysPanel passkeys={ways.passkeys} hasPassword={ways.password !== undefined} now={now} />
        <AppPanel app={ways.app} now={now} />
        {ways.factors > 0 && <RecoveryPanel codes={ways.codes} now={now} />}
      </div>
    </Part>
    <Part title="Where you are signed in">
      <SessionsPanel sessions={sessions} now={now} />
    </Part>
    <p class="hint">
      Admins choose under <a href="/workspaces">Workspaces</a> when to get email about the invitations they sent.
    </p>
  </section>
)

const Part = ({ title, children }: PropsWithChildren<{ title: string }>) => (
  <div class="stack">
    <h2>{title}</h2>
    {children}
  </div>
)
