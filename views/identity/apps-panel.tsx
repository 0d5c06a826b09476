import type { Child } from 'hono/jsx'
import type { OwnApp } from '../../src/models/apps/own-apps'
import { hostOf } from '../components/client-host'
import { When } from '../components/when'
import { Some } from './some'

/** What they are signed in to with their account here, and what they have agreed to. */
export const AppsPanel = ({ apps, now }: { apps: OwnApp[]; now: number }) => (
  <div class="panel" id="apps">
    <header>
      <h3>Apps</h3>
      <p>
        {apps.length > 0
          ? 'Tools that you signed in to with this account. What they store about you is up to them.'
          : 'None yet. Tools that you sign in to with this account appear here.'}
      </p>
    </header>
    {apps.length > 0 && <Some rows={apps.map((app) => row(app, now))} />}
  </div>
)

const row = (app: OwnApp, now: number): Child => (
  <li>
    <span>
      {nameOf(app)}
      <small>{app.tenantName}</small>
      <small>
        {app.usedAt === null ? 'Not signed in' : <When at={app.usedAt} now={now} prefix="Signed in, last used" />}
        {app.agreedAt !== null && (
          <>
            . You agreed <When at={app.agreedAt} now={now} prefix="" />
          </>
        )}
      </small>
    </span>
    <span class="buttons">
      {app.usedAt !== null && (
        <Leave app={app} way="sign-out" of={nameOf(app)}>
          Sign out
        </Leave>
      )}
      {app.agreedAt !== null && (
        <Leave app={app} way="withdraw" of={`for ${nameOf(app)}`}>
          Withdraw consent
        </Leave>
      )}
    </span>
  </li>
)

/** A program that says itself what it is called is known by its host alone. */
const nameOf = ({ app, client }: OwnApp) => (client ? `${app}, by ${hostOf(client)}` : app)

type LeaveProps = { app: OwnApp; way: 'sign-out' | 'withdraw'; of: string; children?: Child }

const Leave = ({ app: { appId, client }, way, of, children }: LeaveProps) => {
  const action = `/account/apps/${appId}/${way}`
  return (
    <form method="post" action={action} hx-post={action} hx-target="#account" hx-disable="find button">
      <input type="hidden" name="client" value={client} />
      <button class="button small">
        {children}
        <span class="visually-hidden"> {of}</span>
      </button>
    </form>
  )
}
