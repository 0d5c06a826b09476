import { log, troubleOf } from '../log'

/** After trouble of our own, before which nothing was recorded. */
const TROUBLE_SECONDS = 5

/** As `wrangler.toml` names the queue of messages that were handed over too often. */
const DEAD_LETTERS = /-dead$/

/** One kind of due work: what its lines in the log are called, which row a message is about, and one attempt at it. */
export type Work<M> = {
  action: string
  rowOf: (body: M) => string
  /** @returns when to try again (ms), or undefined when there is nothing left to do */
  attempt: (id: string) => Promise<number | undefined>
}

/** The Queue's consumer: each message is dealt with alone, and work that could not be done yet comes back after its delay. */
export async function consumeWith<M>(work: Work<M>, batch: MessageBatch<M>): Promise<void> {
  if (DEAD_LETTERS.test(batch.queue)) return ackDeadLetters(work, batch)
  await Promise.all(batch.messages.map((message) => consumeOne(work, message)))
}

/**
 * A message dies, its row does not: it stays queued, and once its wait is over the sweep sends a new message for it. What is worth knowing
 * is that it has been tried this often.
 */
function ackDeadLetters<M>({ action, rowOf }: Work<M>, batch: MessageBatch<M>) {
  for (const { body } of batch.messages) log({ action, outcome: 'dead letter', row: rowOf(body) })
  batch.ackAll()
}

async function consumeOne<M>({ action, rowOf, attempt }: Work<M>, message: Message<M>) {
  const row = rowOf(message.body)
  try {
    const retryAt = await attempt(row)
    if (retryAt === undefined) message.ack()
    else message.retry({ delaySeconds: Math.ceil((retryAt - Date.now()) / 1000) + 1 })
  } catch (error) {
    // The row is as it was or leased; either way the sweep finds it, even if this message is lost too.
    log({ action, outcome: 'failed', row, ...troubleOf(error) })
    message.retry({ delaySeconds: TROUBLE_SECONDS })
  }
}
