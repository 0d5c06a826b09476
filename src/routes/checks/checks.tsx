import { Hono } from 'hono'
import { ChecksPage } from '../../../views/checks/checks'
import { TEST_REFUSALS } from '../../../views/refusals'
import type { AppEnv, Env } from '../../env'
import { admin, enter } from '../../http/door'
import { renderRefusal } from '../../http/errors'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { tooMany } from '../../http/throttle'
import { dkimRecordOf } from '../../mail/domain/dkim'
import { checkDomain } from '../../mail/domain/sender-domain'
import { post } from '../../mail/queue'
import { newestMail, newestTest, sendTest, webhookSeen } from '../../models/checks/checks'
import { breachesAreKnown } from '../../outbound/breaches'
import { txtRecords } from '../../outbound/dns'

export const checks = new Hono<AppEnv>()

checks.get('/', async (c) => {
  const { viewer, to, now, newest, tests, seen } = await enter(c, admin, (at) => ({
    newest: newestMail(at),
    tests: newestTest(at),
    seen: webhookSeen(at, c.env.MAIL_PROVIDER),
  }))
  const [checks, breaches] = await Promise.all([domainChecks(c.env), breachesAreKnown(c.env.PASSWORD_RANGE_URL)])
  const page = (
    <ChecksPage
      to={to}
      sender={{ from: c.env.MAIL_FROM, provider: c.env.MAIL_PROVIDER, unset: isUnset(c.env) }}
      newest={newest[0]}
      webhook={{ ...webhookOf(c.env), at: seen[0]?.at }}
      checks={checks}
      breaches={{ known: breaches, url: c.env.PASSWORD_RANGE_URL }}
      test={tests[0]}
      email={viewer.email}
      now={now}
    />
  )
  return c.render(page, { title: 'Checks' })
})

checks.post('/test', async (c) => {
  const { act, to, now } = await enter(c, admin)
  await readForm(c, {})
  const result = await sendTest(act)
  if ('reason' in result) {
    const retryAt = result.retryAt ?? now
    tooMany(c, retryAt, now)
    return renderRefusal(c, 429, TEST_REFUSALS[result.reason](retryAt, now))
  }
  post(c.env, c.executionCtx, [result.mailId])
  return redirectWith(c, to.checks, { notice: 'test_sent' })
})

/** Where its provider should report to, and whether we know whose reports to believe. */
const webhookOf = ({ APP_ORIGIN, MAIL_PROVIDER, MAILCHANNELS_CUSTOMER, MAILCHANNELS_WEBHOOK_KEYS }: Env) => ({
  url: `${APP_ORIGIN}/webhooks/mail/${MAIL_PROVIDER}`,
  set: !!MAILCHANNELS_CUSTOMER && !!MAILCHANNELS_WEBHOOK_KEYS,
})

const domainOf = ({ MAIL_FROM }: Env) => MAIL_FROM.slice(MAIL_FROM.lastIndexOf('@') + 1)

/** `wrangler.toml` comes with a sender whose domain nobody can own (RFC 6761). */
const isUnset = (env: Env) => env.MAIL_PROVIDER !== 'local' && domainOf(env).endsWith('.invalid')

/** The local mailbox needs no domain, nor a network. */
async function domainChecks(env: Env) {
  if (env.MAIL_PROVIDER === 'local' || isUnset(env)) return []
  const { MAIL_PROVIDER: provider, MAILCHANNELS_CUSTOMER: customer, DKIM } = env
  const dkim = DKIM && { ...DKIM, record: dkimRecordOf(DKIM.privateKey) }
  return checkDomain({ provider, domain: domainOf(env), customer, dkim }, (name) => txtRecords({ resolver: env.DNS_URL, name }))
}
