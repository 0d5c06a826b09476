import { OAUTH_PATHS } from '../../src/paths'
import { Avatar } from '../components/avatar'
import { Callout } from '../components/callout'
import { Icon } from '../components/icon'
import { shownAddress, shownName } from '../components/shown-address'
import { type Learns, learnsInWords } from './learns'

export type ConsentProps = {
  app: { id: string; name: string; version: number } & Learns['app']
  person: { name: string | null; email: string; tenantName: string } & Learns['person']
  scopes: string[]
  /** What asked for it, which goes on after it. */
  next: string
  cancel: string | undefined
  /** An admin has agreed for everybody: the person is only shown who they are. */
  granted: boolean
  /** The app is another one than the page showed. */
  changed?: boolean
  /** What asks in the place of the app: the host speaks for it, and nobody for its name. */
  program?: { id: string; host: string; local: boolean } | undefined
}

export const ConsentPage = ({ app, person, scopes, next, cancel, granted, changed, program }: ConsentProps) => (
  <section id="consent" class="narrow">
    <div class="card stack">
      <h1>{program ? `Let a program use ${app.name}?` : `Sign in to ${app.name}`}</h1>
      {changed && (
        <Callout tone="warn">
          {app.name} was changed while this page was open. Nothing was shared. Check what it can do now.
        </Callout>
      )}
      {program && <Program app={app} program={program} />}
      <Who person={person} />
      <div class="stack tight">
        <p>{program ? 'It' : app.name} will be able to:</p>
        <ul class="learns">
          {[...(program ? [`Use ${app.name} as you`] : []), ...learnsInWords({ app, person }, scopes)].map((words) => (
            <li>
              <Icon name="check" />
              {words}
            </li>
          ))}
        </ul>
      </div>
      <form class="form" method="post" action={OAUTH_PATHS.consent} hx-disable="find button">
        <input type="hidden" name="app" value={app.id} />
        {program && <input type="hidden" name="client" value={program.id} />}
        <input type="hidden" name="version" value={String(app.version)} />
        <input type="hidden" name="scope" value={scopes.join(' ')} />
        <input type="hidden" name="next" value={next} />
        <button class="button primary wide">{granted ? 'Continue' : 'Allow'}</button>
      </form>
      {cancel && (
        <a class="button wide" href={cancel}>
          Cancel
        </a>
      )}
      {!granted && <p class="hint">You can take this back on your Account page.</p>}
    </div>
    <NotYou next={next} />
  </section>
)

const Program = ({ app, program }: { app: ConsentProps['app']; program: NonNullable<ConsentProps['program']> }) => (
  <>
    <p>
      A program from <b>{program.host}</b> asks to use {app.name}. Your admins have not connected it.
    </p>
    <Callout tone="warn">
      {program.local
        ? 'It runs on this computer, where any program can say that it is from there. Allow it only if you just started it yourself.'
        : `Allow it only if you just started this on ${program.host} yourself.`}
    </Callout>
  </>
)

const Who = ({ person }: Pick<ConsentProps, 'person'>) => (
  <div class="person">
    <Avatar label={shownName(person)} />
    <span>
      <b>{shownName(person)}</b>
      <small>
        {person.name && `${shownAddress(person.email)}, `}
        {person.tenantName}
      </small>
    </span>
  </div>
)

const NotYou = ({ next }: Pick<ConsentProps, 'next'>) => (
  <form class="after" method="post" action="/logout">
    <input type="hidden" name="next" value={next} />
    <button class="button ghost small">Not you? Sign in as someone else</button>
  </form>
)
