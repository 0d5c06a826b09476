import type { AppDetails } from '../../src/models/apps/app-page'
import type { SignedIn } from '../../src/models/apps/list'
import type { Logout } from '../../src/models/apps/logout-page'
import type { Paging } from '../../src/models/core/paging'
import type { Count } from '../../src/models/members/counts'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { DateAndTime, When } from '../components/when'
import { inWords } from '../words'
import { People } from './app-people'
import { subjectName, whoMay } from './app-words'
import { Logouts } from './logouts'
import { Settings, type ToolSettings } from './settings'

export type AppProps = {
  to: WorkspacePaths
  now: number
  app: AppDetails
  settings: ToolSettings
  people: SignedIn[]
  paging: Paging
  count: Count
  logouts: Logout[]
  stale?: Stale | undefined
}

export const AppPage = ({ to, now, app, settings, people, paging, count, logouts, stale }: AppProps) => (
  <section id="app" class="stack loose">
    <div>
      <BackLink href={to.apps}>Apps</BackLink>
      <PageHead title={app.name} lead={`For ${subjectName(app)}. ${whoMay(app)}`}>
        <a class="button" href={to.tryApp(app.id)}>
          Sign in to it as me
        </a>
        <a class="button" href={to.editApp(app.id)}>
          <Icon name="pencil" />
          Edit
        </a>
        <ConfirmTrigger for="disconnect" class="button">
          Disconnect
        </ConfirmTrigger>
      </PageHead>
      <StaleCallout stale={stale} />
      <Disconnect {...{ to, app, count }} />
    </div>
    <Settings {...settings} title="Settings for the tool" />
    {app.auth === 'secret' && <Secret {...{ to, now, app }} />}
    <Consent {...{ to, app }} />
    <Facts app={app} />
    <People {...{ now, people, paging, count }} to={to} hrefTo={(link) => withQuery(to.app(app.id), link)} />
    <Logouts {...{ to, now, app, logouts }} />
    <p>
      <a href={withQuery(to.activity, { kind: 'app_changed' })}>Changes to apps in the activity log</a>
    </p>
  </section>
)

const Disconnect = ({ to, app, count }: Pick<AppProps, 'to' | 'app' | 'count'>) => (
  <Confirm id="disconnect" title={`Disconnect ${app.name}?`} action={to.disconnectApp(app.id)} button="Disconnect">
    <p>
      The tool can no longer sign anyone in through Latchkey, and its client id{app.auth === 'secret' && ' and secret'} stop
      working. {count === 0 ? 'No one is signed in to it now.' : `${peopleInWords(count)} signed in to it now.`}
      {count !== 0 && (app.logoutUri ? ' The tool is told to sign them out.' : ' The tool itself may keep them signed in.')}
    </p>
    <p>This cannot be undone. To use the tool again, connect it anew.</p>
  </Confirm>
)

const peopleInWords = (count: Count) => (count === 1 ? '1 person is' : `${inWords(count)} people are`)

/** What is kept is a fingerprint: a secret cannot be shown again. */
const Secret = ({ to, now, app }: Pick<AppProps, 'to' | 'now' | 'app'>) => (
  <div class="panel">
    <header>
      <h2>Client secret</h2>
      <p>
        {app.secretAt === null ? (
          'It was shown once.'
        ) : (
          <>
            Made <When at={app.secretAt} now={now} prefix="" />, and shown once.
          </>
        )}{' '}
        If it is lost or may be known to others, make a new one.
      </p>
    </header>
    {app.formerSecretUntil !== null && app.formerSecretUntil > now && <Former {...{ to, app }} until={app.formerSecretUntil} />}
    <div class="buttons">
      <ConfirmTrigger for="rotate" class="button" icon="rotate-cw">
        Rotate secret
      </ConfirmTrigger>
    </div>
    <Confirm
      id="rotate"
      title="Make a new secret?"
      action={to.rotateAppSecret(app.id)}
      button="Rotate secret"
      tone="primary"
      fields={<input type="hidden" name="made" value={app.secretAt ?? ''} />}
    >
      <p>
        The new secret is shown once. The one in use works for seven more days, so that you have time to bring the new one to the
        tool; you can end it sooner.
      </p>
    </Confirm>
    <noscript>
      <form method="post" action={to.rotateAppSecret(app.id)}>
        <input type="hidden" name="made" value={app.secretAt ?? ''} />
        <button class="button">Rotate secret now</button>
      </form>
    </noscript>
  </div>
)

const Former = ({ to, app, until }: Pick<AppProps, 'to' | 'app'> & { until: number }) => (
  <Callout tone="warn">
    <p>
      The old secret works until <DateAndTime at={until} />.
    </p>
    <form method="post" action={to.endFormerSecret(app.id)} hx-disable="find button">
      <button class="button small">End it now</button>
    </form>
  </Callout>
)

const Consent = ({ to, app }: Pick<AppProps, 'to' | 'app'>) => (
  <div class="panel">
    <header>
      <h2>Consent</h2>
      <p>
        {app.grantedAt === null
          ? 'Each person is asked once, before the tool learns their name, email, role and access.'
          : 'No one is asked: an admin agreed for everyone that the tool learns their name, email, role and access.'}
      </p>
    </header>
    <form class="buttons" method="post" action={to.agreeToApp(app.id)} hx-disable="find button">
      <input type="hidden" name="for_all" value={app.grantedAt === null ? 'on' : 'off'} />
      <button class="button">{app.grantedAt === null ? 'Agree for everyone' : 'Ask each person'}</button>
    </form>
  </div>
)

const KINDS = { secret: 'Server with a secret', none: 'Program without a secret', key: 'Server with its own key' } as const

const Facts = ({ app }: Pick<AppProps, 'app'>) => (
  <dl class="facts panel">
    <dt>Type</dt>
    <dd>
      {KINDS[app.auth]}
      {!app.pkce && <small>without PKCE</small>}
    </dd>
    <dt>Redirect addresses</dt>
    <dd>
      <Lines of={app.redirectUris} />
    </dd>
    {app.afterLogoutUris.length > 0 && (
      <>
        <dt>Sign-out addresses</dt>
        <dd>
          <Lines of={app.afterLogoutUris} />
        </dd>
      </>
    )}
    <dt>Back-channel logout</dt>
    <dd>{app.logoutUri ?? 'Not set: the tool does not hear when somebody loses access'}</dd>
    {app.hosts.length > 0 && (
      <>
        <dt>Hosts behind a proxy</dt>
        <dd>
          <Lines of={app.hosts} />
        </dd>
      </>
    )}
    {app.resource && (
      <>
        <dt>Audience</dt>
        <dd>{app.resource}</dd>
      </>
    )}
    <dt>Connected</dt>
    <dd>
      <DateAndTime at={app.createdAt} />
    </dd>
  </dl>
)

const Lines = ({ of }: { of: string[] }) => <>{of.length === 0 ? 'None' : of.map((line) => <div>{line}</div>)}</>
