import type { Env } from '../env'

/**
 * Tells the Queue of outbox rows, after the answer: nobody waits for it, and what it loses the Cron's sweep finds.
 * An id without a row is harmless, so that an address that gets no mail costs what one that does costs.
 */
export function post(env: Env, background: Pick<ExecutionContext, 'waitUntil'>, mailIds: string[]) {
  background.waitUntil(env.MAIL_QUEUE.sendBatch(mailIds.map((mailId) => ({ body: { mailId } }))).catch(console.error))
}
