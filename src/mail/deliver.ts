import { connect, connectForSafeWrites } from '../db/connect'
import type { Env, MailMessage } from '../env'
import { log, troubleOf } from '../log'
import { type Marks, markDropped, markFailed, markForRetry, markSent } from '../models/mail/attempt'
import { type LeasedMail, leaseMails } from '../models/mail/lease'
import type { LetterContext } from '../models/mail/letter'
import { backoff, repairBackoff } from '../models/outbox/backoff'
import { consumeWith } from '../outbox/consume'
import { compose } from './compose'
import { because, type Outcome, type Providers } from './provider'

/** The Queue's consumer. */
export const consume = (batch: MessageBatch<MailMessage>, env: Env, providers: Providers) =>
  consumeWith(
    {
      action: 'deliver mail',
      rowOf: ({ mailId }) => mailId,
      attempt: (mailIds) => deliver(env, providers, mailIds, Date.now()),
    },
    batch,
  )

/**
 * Sends those of the mails that nobody else is sending and that are not settled: one round trip takes them, one records what became of them.
 * @returns when to try again (ms), by mail; with the others there is nothing left to do
 */
export async function deliver(env: Env, providers: Providers, mailIds: string[], now: number): Promise<Map<string, number>> {
  const leased = await leaseMails({ db: connect(env.DB), now }, mailIds)
  const attempts = await Promise.all(leased.map(async (mail) => ({ mail, outcome: await outcomeOf(env, providers, mail, now) })))
  for (const { mail, outcome } of attempts) log({ action: 'deliver mail', outcome: outcome?.kind ?? 'dropped', ...nameOf(mail) })
  return record(env, attempts)
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

type Tried = { mail: LeasedMail; outcome: Outcome | undefined }

/** Written by statements that may run twice: without this record a mail that has gone out would go out again. @returns when to try again (ms) */
async function record(env: Env, attempts: Tried[]): Promise<Map<string, number>> {
  const act = { db: connectForSafeWrites(env.DB), now: Date.now() }
  const waits = new Map(attempts.flatMap(({ mail, outcome }) => waitOf(act.now, mail, outcome)))
  const [first, ...others] = attempts.flatMap((tried) => marksOf(act, env, tried, waits.get(tried.mail.id)))
  if (first) await act.db.batch([first, ...others])
  return waits
}

function waitOf(now: number, { id, attempts, createdAt }: LeasedMail, outcome: Outcome | undefined): [string, number][] {
  const ageMs = now - createdAt
  if (outcome?.kind === 'retry') return [[id, now + backoff({ attempts, ageMs, afterMs: outcome.afterMs })]]
  return outcome?.kind === 'misconfigured' ? [[id, now + repairBackoff(ageMs)]] : []
}

function marksOf(act: Parameters<typeof markSent>[0], env: Env, { mail, outcome }: Tried, retryAt: number | undefined): Marks {
  if (!outcome) return markDropped(act, mail)
  if (outcome.kind === 'sent') return markSent(act, mail, { provider: env.MAIL_PROVIDER, ...outcome })
  return retryAt === undefined ? markFailed(act, mail, outcome) : markForRetry(act, mail, outcome, retryAt)
}
