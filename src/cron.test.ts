import { env as bindings } from 'cloudflare:workers'
import { expect, it, vi } from 'vitest'
import { Client } from '../test/client'
import { all, linkIn, run } from '../test/database'
import { runCron } from './cron'
import { readEnv } from './env'

const env = readEnv(bindings)
const DAY_MS = 86_400_000

/** What a run tells the Queue of, without the Queue acting on it. */
async function queuedAt(now: number) {
  const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } }
  const queue = vi.spyOn(env.MAIL_QUEUE, 'sendBatch').mockResolvedValue({ metadata })
  await runCron(env, '* * * * *', now)
  const ids = queue.mock.calls.flatMap(([batch]) => [...batch].map(({ body }) => body.mailId))
  queue.mockRestore()
  return all<{ kind: string }>(
    'SELECT kind FROM mails WHERE id IN (SELECT value FROM json_each(?)) ORDER BY kind',
    JSON.stringify(ids),
  )
}

it('the Cron of every minute reminds, tells the inviter of a lapse, and gathers what there is to tell, each once', async () => {
  await run("UPDATE mails SET state = 'sent'")
  const now = Date.now()
  expect(await queuedAt(now)).toEqual([])
  expect(await queuedAt(now + DAY_MS)).toEqual([{ kind: 'reminder' }])
  await run("UPDATE mails SET state = 'sent'")
  expect(await queuedAt(now + DAY_MS)).toEqual([])

  for (let i = 0; i < 3; i++) await queuedAt(now + 3 * DAY_MS)
  expect(await all("SELECT kind, to_key FROM mails WHERE kind = 'notice'")).toEqual([{ kind: 'notice', to_key: 'ada@acme.test' }])
})

it('an answer in the browser is told to the inviter with the next run', async () => {
  const pia = new Client()
  await pia.get(await linkIn('pia@acme.test'))
  await pia.post('/invitation/decline')
  await run("UPDATE mails SET state = 'sent'")

  expect(await queuedAt(Date.now())).toEqual([{ kind: 'notice' }])
})
