import { log, troubleOf } from '../log'

/** After trouble of our own, before which nothing was recorded. */
const TROUBLE_SECONDS = 5

/** As `wrangler.toml` names the queue of messages that were handed over too often. */
const DEAD_LETTERS = /-dead$/

/** Of a batch those that are about one kind of work. */
export type Messages<M> = Pick<MessageBatch<M>, 'queue' | 'messages' | 'ackAll'>

/** One kind of due work: what its lines in the log are called, which row a message is about, and one attempt at the rows of a batch. */
export type Work<M> = {
  action: string
  rowOf: (body: M) => string
  /** @returns when to try again (ms), by row; with the others there is nothing left to do */
  attempt: (rows: string[]) => Promise<Map<string, number>>
}

/** The Queue's consumer: the rows of a batch are dealt with together, and work that could not be done yet comes back after its delay. */
export async function consumeWith<M>(work: Work<M>, batch: Messages<M>): Promise<void> {
  if (DEAD_LETTERS.test(batch.queue)) return ackDeadLetters(work, batch)
  const rows = [...new Set(batch.messages.map(({ body }) => work.rowOf(body)))]
  try {
    const retries = await work.attempt(rows)
    for (const message of batch.messages) settle(message, retries.get(work.rowOf(message.body)))
  } catch (error) {
    // The rows are as they were or leased; either way the sweep finds them, even if their messages are lost too.
    for (const row of rows) log({ action: work.action, outcome: 'failed', row, ...troubleOf(error) })
    for (const message of batch.messages) message.retry({ delaySeconds: TROUBLE_SECONDS })
  }
}

function settle(message: Message, retryAt: number | undefined) {
  if (retryAt === undefined) message.ack()
  else message.retry({ delaySeconds: Math.ceil((retryAt - Date.now()) / 1000) + 1 })
}

/**
 * A message dies, its row does not: it stays queued, and once its wait is over the sweep sends a new message for it. What is worth knowing
 * is that it has been tried this often.
 */
function ackDeadLetters<M>({ action, rowOf }: Work<M>, batch: Messages<M>) {
  for (const { body } of batch.messages) log({ action, outcome: 'dead letter', row: rowOf(body) })
  batch.ackAll()
}
