import type { Env } from '../env'
import { log, troubleOf } from '../log'

/**
 * Tells the Queue of outbox rows, after the answer: nobody waits for it, and what it loses the Cron's sweep finds.
 * An id without a row is harmless, so that an address that gets no mail costs what one that does costs.
 */
export function post(env: Env, background: Pick<ExecutionContext, 'waitUntil'>, mailIds: string[]) {
  const failed = (error: unknown) => log({ action: 'queue mails', outcome: 'failed', count: mailIds.length, ...troubleOf(error) })
  background.waitUntil(env.MAIL_QUEUE.sendBatch(mailIds.map((mailId) => ({ body: { mailId } }))).catch(failed))
}
