import { connect, type Db } from '../db/connect'
import type { Env, MailMessage } from '../env'
import { log, troubleOf } from '../log'
import { markDropped, markFailed, markForRetry, markSent } from '../models/outbox/attempt'
import { type LeasedMail, leaseMail, lostMails } from '../models/outbox/mail'
import { compose } from './compose'
import { mendingDelay, retryDelay } from './patience'
import type { Outcome, Providers } from './provider'
import { postNow } from './queue'

/** After trouble of our own, before which nothing was recorded. */
const TROUBLE_SECONDS = 5

/** As `wrangler.toml` names the queue of messages that were handed over too often. */
const DEAD_LETTERS = /-dead$/

/** The Queue's consumer: each message stands on its own, and a mail that could not go out yet comes back after its delay. */
export async function consume(batch: MessageBatch<MailMessage>, env: Env, providers: Providers): Promise<void> {
  if (DEAD_LETTERS.test(batch.queue)) return bury(batch)
  await Promise.all(batch.messages.map((message) => consumeOne(message, env, providers)))
}

/** The Cron's part: puts back what the Queue dropped and what a consumer died over. @returns how many */
export const sweep = async (env: Env) => postNow(env, await lostMails(connect(env.DB), Date.now()))

/**
 * A message dies, its mail does not: the row stays queued, and once its wait is over the sweep sends a new message for it. What is worth
 * knowing is that a mail has been tried this often.
 */
function bury(batch: MessageBatch<MailMessage>) {
  for (const { body } of batch.messages) log({ action: 'deliver mail', outcome: 'dead letter', mail: body.mailId })
  batch.ackAll()
}

async function consumeOne(message: Message<MailMessage>, env: Env, providers: Providers) {
  const { mailId } = message.body
  try {
    const retryAt = await deliver(env, providers, mailId, Date.now())
    if (retryAt === undefined) message.ack()
    else message.retry({ delaySeconds: Math.ceil((retryAt - Date.now()) / 1000) + 1 })
  } catch (error) {
    // The row is as it was or leased; either way the sweep finds it, even if this message is lost too.
    log({ action: 'deliver mail', outcome: 'failed', mail: mailId, ...troubleOf(error) })
    message.retry({ delaySeconds: TROUBLE_SECONDS })
  }
}

/**
 * Sends one queued mail, unless somebody else is sending it or it is settled.
 * @returns when to try again (ms), or undefined when there is nothing left to do
 */
export async function deliver(env: Env, providers: Providers, mailId: string, now: number): Promise<number | undefined> {
  const db = connect(env.DB)
  const mail = await leaseMail(db, mailId, now)
  if (!mail) return undefined
  const outcome = mail.letter ? await send(env, providers, mail, mail.letter, now) : mail.leftAlone ? LEFT_ALONE : undefined
  log({ action: 'deliver mail', outcome: outcome?.kind ?? 'dropped', ...nameOf(mail) })
  return outcome ? record(db, mail, env.MAIL_PROVIDER, outcome) : void (await markDropped(db, mail, now))
}

/** Whoever invited learns that the address cannot be mailed, and not why (docs/decisions, 0018). */
const LEFT_ALONE: Outcome = { kind: 'refused', reason: 'This address cannot be mailed.' }

const nameOf = ({ id, attempts, letter }: LeasedMail) => ({ mail: id, kind: letter?.kind, attempt: attempts })

async function send(
  env: Env,
  providers: Providers,
  mail: LeasedMail,
  letter: NonNullable<LeasedMail['letter']>,
  now: number,
): Promise<Outcome> {
  try {
    const provider = providers[env.MAIL_PROVIDER]
    if (!provider) throw new Error(`This build has no mail provider "${env.MAIL_PROVIDER}".`)
    return await provider(env).send(await compose(env, mail, letter, now))
  } catch (error) {
    log({ action: 'send mail', outcome: 'failed', ...nameOf(mail), ...troubleOf(error) })
    return { kind: 'retry', reason: 'Something went wrong on our side.' }
  }
}

/** @returns when to try again (ms) */
async function record(db: Db, mail: LeasedMail, provider: string, outcome: Outcome): Promise<number | undefined> {
  const now = Date.now()
  if (outcome.kind === 'sent') return void (await markSent(db, mail, { provider, ...outcome }, now))
  if (outcome.kind === 'refused') return void (await markFailed(db, mail, outcome.reason, now))
  const retryAt = now + delayAfter(outcome, mail.attempts)
  await markForRetry(db, mail, outcome.reason, retryAt, now)
  return retryAt
}

const delayAfter = (outcome: Extract<Outcome, { kind: 'retry' | 'misconfigured' }>, attempts: number) =>
  outcome.kind === 'retry' ? retryDelay(attempts, outcome.afterMs) : mendingDelay()
