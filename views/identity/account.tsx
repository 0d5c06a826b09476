import type { PropsWithChildren } from 'hono/jsx'
import { PageHead } from '../components/page-head'
import { shownAddress } from '../components/shown-address'
import type { AccountProps } from './account-props'
import { AppsPanel } from './apps-panel'
import { AskedPanel } from './asked-panel'
import { AuthenticatorAppPanel } from './authenticator-app-panel'
import { ConfirmAddress } from './confirm-address'
import { FactorProblem } from './factor-problem'
import { KnownBrowsersPanel } from './known-browsers-panel'
import { NamePanel } from './name-panel'
import { PasskeysPanel } from './passkeys-panel'
import { PasswordPanel } from './password-panel'
import { Protection } from './protection'
import { RecoveryPanel } from './recovery-panel'
import { SessionsPanel } from './sessions-panel'

export const AccountPage = ({ person, asking, sessions, browsers, apps, ways, now, problem, opens }: AccountProps) => (
  <section id="account" class="account narrow">
    <PageHead title="Account" lead={`You sign in with ${shownAddress(person.email)}.`} />
    {!person.provedAt && (
      <ConfirmAddress email={person.email} problem={problem?.field === 'address' ? problem : undefined} now={now} />
    )}
    <Part title="Profile">
      <NamePanel name={person.name ?? ''} />
    </Part>
    <Part title="How you sign in">
      {problem?.field === 'factors' && <FactorProblem problem={problem} />}
      <Protection {...{ ways, asking, now }} />
      <div class="joined">
        <PasswordPanel {...{ person, password: ways.password, problem, opens, now }} />
        {ways.factors === 0 && asking ? <AskedPanel asking={asking} /> : <Factors {...{ ways, problem, now }} />}
      </div>
    </Part>
    <Part title="Where you are signed in">
      <SessionsPanel sessions={sessions} now={now} />
      <KnownBrowsersPanel browsers={browsers} now={now} />
      <AppsPanel apps={apps} now={now} />
    </Part>
    <p class="hint">
      Admins choose under <a href="/workspaces">Workspaces</a> when to get email about the invitations they sent.
    </p>
  </section>
)

const Factors = ({ ways, problem, now }: Pick<AccountProps, 'ways' | 'problem' | 'now'>) => (
  <>
    <PasskeysPanel
      passkeys={ways.passkeys}
      hasPassword={ways.password !== undefined}
      problem={problem?.field === 'passkeys' ? problem.problem : undefined}
      now={now}
    />
    <AuthenticatorAppPanel app={ways.app} now={now} />
    {ways.factors > 0 && <RecoveryPanel codes={ways.codes} />}
  </>
)

const Part = ({ title, children }: PropsWithChildren<{ title: string }>) => (
  <div class="stack">
    <h2>{title}</h2>
    {children}
  </div>
)
