import { connect, connectForSafeWrites } from '../db/connect'
import type { Env, MailMessage } from '../env'
import { log, troubleOf } from '../log'
import { markDropped, markFailed, markForRetry, markSent } from '../models/mail/attempt'
import { type LeasedMail, leaseMail } from '../models/mail/lease'
import type { LetterContext } from '../models/mail/letter'
import type { Why } from '../models/mail/mail-reason'
import { backoff, repairBackoff } from '../models/outbox/backoff'
import { consumeWith } from '../outbox/consume'
import { compose } from './compose'
import { because, type Outcome, type Providers } from './provider'

/** The Queue's consumer. */
export const consume = (batch: MessageBatch<MailMessage>, env: Env, providers: Providers) =>
  consumeWith(
    { action: 'deliver mail', rowOf: ({ mailId }) => mailId, attempt: (id) => deliver(env, providers, id, Date.now()) },
    batch,
  )

/**
 * Sends one queued mail, unless somebody else is sending it or it is settled.
 * @returns when to try again (ms), or undefined when there is nothing left to do
 */
export async function deliver(env: Env, providers: Providers, mailId: string, now: number): Promise<number | undefined> {
  const mail = await leaseMail({ db: connect(env.DB), now }, mailId)
  if (!mail) return undefined
  const outcome = await outcomeOf(env, providers, mail, now)
  log({ action: 'deliver mail', outcome: outcome?.kind ?? 'dropped', ...nameOf(mail) })
  return record(env, mail, outcome)
}

/** Undefined: nobody needs it any more. Whoever invited learns that an address cannot be emailed, and not why (docs/rules.md, Email). */
async function outcomeOf(env: Env, providers: Providers, mail: LeasedMail, now: number): Promise<Outcome | undefined> {
  if (mail.letter) return send(env, providers, mail, mail.letter, now)
  return mail.suppressed ? { kind: 'refused', ...because('suppressed') } : undefined
}

const nameOf = ({ id, attempts, letter }: LeasedMail) => ({ row: id, kind: letter?.kind, attempt: attempts })

async function send(env: Env, providers: Providers, mail: LeasedMail, letter: LetterContext, now: number): Promise<Outcome> {
  try {
    const provider = providers[env.MAIL_PROVIDER]
    if (!provider) throw new Error(`This build has no mail provider "${env.MAIL_PROVIDER}".`)
    return await provider(env).send(await compose(env, mail, letter, now))
  } catch (error) {
    log({ action: 'send mail', outcome: 'failed', ...nameOf(mail), ...troubleOf(error) })
    return { kind: 'retry', ...because('our_trouble') }
  }
}

/** Written by statements that may run twice: without this record a mail that has gone out would go out again. @returns when to try again (ms) */
async function record(env: Env, mail: LeasedMail, outcome: Outcome | undefined): Promise<number | undefined> {
  const act = { db: connectForSafeWrites(env.DB), now: Date.now() }
  if (outcome?.kind === 'retry') return wait(act, mail, outcome, backoff(mail.attempts, outcome.afterMs))
  if (outcome?.kind === 'misconfigured') return wait(act, mail, outcome, repairBackoff())
  if (!outcome) await markDropped(act, mail)
  else if (outcome.kind === 'sent') await markSent(act, mail, { provider: env.MAIL_PROVIDER, ...outcome })
  else await markFailed(act, mail, outcome)
  return undefined
}

async function wait(act: Parameters<typeof markForRetry>[0], mail: LeasedMail, why: Why, ms: number) {
  const retryAt = act.now + ms
  await markForRetry(act, mail, why, retryAt)
  return retryAt
}
