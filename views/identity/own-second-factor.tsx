import { pathsIn } from '../../src/paths'
import { Callout } from '../components/callout'
import { Icon } from '../components/icon'
import { shownAddress } from '../components/shown-address'
import { dayOf } from '../components/when'
import { again } from '../refusals'

/** A workspace that does not ask for one, or not yet. */
export type OpenElsewhere = { tenantId: string; tenantName: string }
/** A workspace that asks for one, and from when on (ms). */
type Asking = { tenantName: string; dueAt: number }

type Props = {
  /** The soonest first. */
  asking: Asking[]
  email: string
  elsewhere: OpenElsewhere[]
  next?: string | undefined
  sent?: boolean | undefined
  retryAt?: number | undefined
  now: number
}

export const OwnSecondFactorPage = ({ asking, email, elsewhere, next, sent, retryAt, now }: Props) => {
  const late = asking.some(({ dueAt }) => dueAt <= now)
  return (
    <section id="second-factor" class="narrow">
      <div class="card stack">
        <h1>{sent ? 'Check your email' : 'Set up a second factor'}</h1>
        {sent ? <Sent email={email} /> : <Why {...{ asking, now }} />}
        {retryAt && <Callout tone="bad">We emailed you three links within an hour. {again(retryAt, now)}</Callout>}
        <EmailLink {...{ email, sent }} />
      </div>
      {late ? <Meanwhile elsewhere={elsewhere} /> : <Later next={next} />}
    </section>
  )
}

const Why = ({ asking, now }: Pick<Props, 'asking' | 'now'>) => (
  <>
    {asking.map(({ tenantName, dueAt }) => (
      <p>
        {dueAt > now ? `From ${dayOf(dueAt, now)}, you ` : 'You '}need a second factor to open <b>{tenantName}</b>.
      </p>
    ))}
    <p>It can be a passkey on your phone or computer, or an authenticator app.</p>
  </>
)

const Sent = ({ email }: Pick<Props, 'email'>) => (
  <>
    <p>We emailed a link to {shownAddress(email)}. It should arrive within a few minutes, and works for 24 hours.</p>
    <p class="hint">No email? Check your spam folder. Only the newest link works.</p>
  </>
)

const EmailLink = ({ email, sent }: Pick<Props, 'email' | 'sent'>) => (
  <form class="form" method="post" action="/account/second-factor/link" hx-disable="find button">
    {!sent && (
      <p class="hint">
        To make sure it’s you, we email a link to {shownAddress(email)}. Once you have used it, you are signed out everywhere else.
      </p>
    )}
    <button class={sent ? 'button wide' : 'button primary wide'}>
      <Icon name="send" />
      {sent ? 'Email me another link' : 'Email me a link'}
    </button>
  </form>
)

const Later = ({ next }: Pick<Props, 'next'>) => (
  <p class="after">
    <a href={next ?? '/'}>Not now</a>
  </p>
)

const Meanwhile = ({ elsewhere }: Pick<Props, 'elsewhere'>) => (
  <div class="after">
    {elsewhere.length > 0 && (
      <p>
        You can still open{' '}
        {elsewhere.map(({ tenantId, tenantName }, i) => (
          <>
            {i > 0 && ', '}
            <a href={pathsIn(tenantId).home}>{tenantName}</a>
          </>
        ))}
        .
      </p>
    )}
    <form method="post" action="/logout">
      <button class="button ghost">Sign out</button>
    </form>
  </div>
)
