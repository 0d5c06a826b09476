import { connect, type Db } from '../db/connect'
import type { Env, MailMessage } from '../env'
import { log, troubleOf } from '../log'
import { type LeasedMail, leaseMail, lostMails, markDropped, markFailed, markForRetry, markSent } from '../models/mail'
import { compose } from './compose'
import type { Outcome, Providers } from './provider'

const FIRST_RETRY_MS = 5_000
/** Short enough that mail goes out soon after the provider is back. */
const LONGEST_RETRY_MS = 5 * 60_000
/** A provider's `Retry-After` is honoured up to here; a longer one would outlive most links. */
const LONGEST_PATIENCE_MS = 60 * 60_000

/** The Queue's consumer: each message stands on its own, and a mail that could not go out yet comes back after its delay. */
export async function consume(batch: MessageBatch<MailMessage>, env: Env, providers: Providers): Promise<void> {
  await Promise.all(batch.messages.map((message) => consumeOne(message, env, providers)))
}

/** The Cron's part: puts back what the Queue dropped and what a consumer died over. @returns how many */
export async function sweep(env: Env): Promise<number> {
  const lost = await lostMails(connect(env.DB), Date.now())
  if (lost.length) await env.MAIL_QUEUE.sendBatch(lost.map((mailId) => ({ body: { mailId } })))
  return lost.length
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
    message.retry({ delaySeconds: FIRST_RETRY_MS / 1000 })
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
  if (!mail.letter) return void (await markDropped(db, mail))
  return record(db, mail, await send(env, providers, mail, mail.letter, now))
}

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
    log({ action: 'send mail', outcome: 'failed', mail: mail.id, ...troubleOf(error) })
    return { kind: 'retry', reason: 'Something went wrong on our side.' }
  }
}

async function record(db: Db, mail: LeasedMail, outcome: Outcome): Promise<number | undefined> {
  const now = Date.now()
  if (outcome.kind === 'sent') return void (await markSent(db, mail, outcome.providerId, now))
  if (outcome.kind === 'refused') return void (await markFailed(db, mail, outcome.reason))
  const retryAt = now + retryDelay(mail.attempts, outcome.afterMs)
  await markForRetry(db, mail, outcome.reason, retryAt)
  return retryAt
}

/** Doubles from 5 s to 5 min, and waits at least as long as the provider asks. */
function retryDelay(attempts: number, afterMs = 0): number {
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
  return Math.max(backoff, Math.min(afterMs, LONGEST_PATIENCE_MS))
}
