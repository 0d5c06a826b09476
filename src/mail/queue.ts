import type { Env } from '../env'
import { log, troubleOf } from '../log'
import type { Act } from '../models/core/act'
import { lostMails } from '../models/mail/lease'

/** The Cron's part: puts back what the Queue dropped and what a consumer died over. @returns how many */
export const sweep = async (env: Env, act: Act) => postNow(env, await lostMails(act))

/** What a Cron or a job wrote: a failure is its own, and the sweep finds the rows. @returns how many */
export async function postNow({ MAIL_QUEUE }: Env, mailIds: string[]): Promise<number> {
  for (let sent = 0; sent < mailIds.length; sent += QUEUE_MESSAGES)
    await MAIL_QUEUE.sendBatch(messagesOf(mailIds.slice(sent, sent + QUEUE_MESSAGES)))
  return mailIds.length
}

/** What the Queue takes at once. */
const QUEUE_MESSAGES = 100

/**
 * Tells the Queue of outbox rows, after the answer: nobody waits for it, and what it loses the Cron's sweep finds.
 * An id without a row is harmless, so that an address that gets no mail costs what one that does costs.
 */
export function post(env: Env, background: Pick<ExecutionContext, 'waitUntil'>, mailIds: string[]) {
  const failed = (error: unknown) => log({ action: 'queue mails', outcome: 'failed', count: mailIds.length, ...troubleOf(error) })
  background.waitUntil(postNow(env, mailIds).catch(failed))
}

const messagesOf = (mailIds: string[]) => mailIds.map((mailId) => ({ body: { mailId } }))
