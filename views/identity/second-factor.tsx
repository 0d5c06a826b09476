import { pathsIn } from '../../src/paths'
import { Icon } from '../components/icon'
import { shownAddress } from '../components/shown-address'
import { dayOf } from '../components/when'

/** A workspace that does not ask for one, or not yet. */
export type OpenElsewhere = { tenantId: string; tenantName: string }

export type SecondFactorProps = {
  /** The workspace that asks soonest, and from when on (ms). */
  first: { tenantName: string; dueAt: number }
  email: string
  elsewhere: OpenElsewhere[]
  next: string | undefined
  now: number
}

export const SecondFactorPage = ({ first: { tenantName, dueAt }, email, elsewhere, next, now }: SecondFactorProps) => (
  <section id="second-factor" class="narrow">
    <div class="card stack">
      <h1>Set up a second factor</h1>
      <p>
        {dueAt > now
          ? `From ${dayOf(dueAt, now)}, you need a second factor to open ${tenantName}.`
          : `You need a second factor to open ${tenantName}.`}{' '}
        It can be a passkey on your phone or computer, or an authenticator app.
      </p>
      <EmailLink email={email} />
    </div>
    {dueAt > now ? <Later next={next} /> : <Meanwhile elsewhere={elsewhere} />}
  </section>
)

const EmailLink = ({ email }: { email: string }) => (
  <form class="form" method="post" action="/account/second-factor/link" hx-disable="find button">
    <p class="hint">
      To be sure that it’s you, we email a link to {shownAddress(email)}. It works for 24 hours. You are signed out everywhere once
      you have used it.
    </p>
    <button class="button primary wide">
      <Icon name="send" />
      Email me a link
    </button>
  </form>
)

const Later = ({ next }: { next: string | undefined }) => (
  <p class="after">
    <a href={next ?? '/'}>Not now</a>
  </p>
)

const Meanwhile = ({ elsewhere }: { elsewhere: OpenElsewhere[] }) => (
  <>
    {elsewhere.length > 0 && (
      <p class="after">
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
    <form class="after" method="post" action="/logout">
      <button class="button ghost">Sign out</button>
    </form>
  </>
)
