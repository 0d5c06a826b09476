import { it } from 'vitest'
import { type Client, signedIn } from '../test/client'
import { run } from '../test/database'
import { ENTRIES, EXPORTS, PEOPLE } from './export-rows'

it('prints what exports take, and what of them is in memory at once', { timeout: 3_600_000 }, async () => {
  for (const statement of [...PEOPLE, ...ENTRIES]) await run(statement)
  const ada = await signedIn('ada')
  const lines = [row('', 'seconds', 'MiB', 'rows read', 'D1 trips', 'largest part, MiB')]
  for (const [what, [path, fields]] of Object.entries(EXPORTS)) lines.push(row(what, ...(await measured(ada, path, fields))))
  console.info(lines.join('\n'))
})

const MIB = 1024 ** 2

async function measured(client: Client, path: string, fields: Record<string, string>) {
  const began = performance.now()
  const { body } = await client.post(`/w/acme/access/${path}/export`, fields)
  let [bytes, largest] = [0, 0]
  for await (const part of body ?? []) {
    bytes += part.byteLength
    largest = Math.max(largest, part.byteLength)
  }
  return [
    ((performance.now() - began) / 1000).toFixed(1),
    (bytes / MIB).toFixed(1),
    client.bill.read,
    client.trips(),
    (largest / MIB).toFixed(2),
  ]
}

const row = (what: string, ...cells: (string | number)[]) => what.padEnd(32) + cells.map((cell) => `${cell}`.padStart(19)).join('')
