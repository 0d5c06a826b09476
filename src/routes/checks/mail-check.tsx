import { Hono } from 'hono'
import { MailCheckPage } from '../../../views/checks/mail-check'
import { TEST_REFUSALS } from '../../../views/refusals'
import type { AppEnv, Env } from '../../env'
import { admin, enter } from '../../http/door'
import { refuse } from '../../http/errors'
import { setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { tooMany } from '../../http/throttle'
import { dkimRecordOf } from '../../mail/domain/dkim'
import { checkDomain } from '../../mail/domain/sender-domain'
import { post } from '../../mail/queue'
import { newestMail, newestTest, sendTest, webhookSeen } from '../../models/checks/mail-check'
import { memberIdOf } from '../../models/members/viewer'
import { txtRecords } from '../../outbound/dns'

export const mailCheck = new Hono<AppEnv>()

mailCheck.get('/', async (c) => {
  const { viewer, now, ...found } = await enter(c, admin, (db, claim) => ({
    newest: newestMail(db, claim.tenantId),
    tests: newestTest(db, memberIdOf(claim)),
    webhooks: webhookSeen(db, c.env.MAIL_PROVIDER),
  }))
  const [[newest], [test], [webhook]] = [found.newest, found.tests, found.webhooks]
  const sender = { from: c.env.MAIL_FROM, provider: c.env.MAIL_PROVIDER, unset: isUnset(c.env), checks: await domainChecks(c.env) }
  const { APP_ORIGIN, MAIL_PROVIDER, MAILCHANNELS_CUSTOMER, MAILCHANNELS_WEBHOOK_KEYS } = c.env
  const url = `${APP_ORIGIN}/webhooks/mail/${MAIL_PROVIDER}`
  const heard = { at: webhook?.at, url, set: !!MAILCHANNELS_CUSTOMER && !!MAILCHANNELS_WEBHOOK_KEYS }
  return c.render(<MailCheckPage {...{ ...sender, newest, test, webhook: heard, to: viewer.email, now }} />, {
    title: 'Mailbox check',
  })
})

mailCheck.post('/test', async (c) => {
  const { db, viewer, now } = await enter(c, admin)
  await readForm(c, {})
  const result = await sendTest(db, viewer, now)
  if ('reason' in result) {
    tooMany(c, result.retryAt, now)
    return refuse(c, 429, TEST_REFUSALS[result.reason](result.retryAt, now))
  }
  post(c.env, c.executionCtx, [result.mailId])
  setFlash(c, { notice: 'test_sent' })
  return c.redirect('/access/mail', 303)
})

const domainOf = ({ MAIL_FROM }: Env) => MAIL_FROM.slice(MAIL_FROM.lastIndexOf('@') + 1)

/** `wrangler.toml` comes with a sender whose domain nobody can own (RFC 6761). */
const isUnset = (env: Env) => env.MAIL_PROVIDER !== 'local' && domainOf(env).endsWith('.invalid')

/** The local mailbox needs no domain, nor a network. */
async function domainChecks(env: Env) {
  if (env.MAIL_PROVIDER === 'local' || isUnset(env)) return []
  const { MAIL_PROVIDER: provider, MAILCHANNELS_CUSTOMER: customer, DKIM } = env
  const dkim = DKIM && { ...DKIM, record: dkimRecordOf(DKIM.privateKey) }
  return checkDomain({ provider, domain: domainOf(env), customer, dkim }, (name) => txtRecords(env.DNS_URL, name))
}
