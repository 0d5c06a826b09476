import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { readEnv } from '../src/env'
import { runJobs } from '../src/jobs/run'
import { STEPS } from '../src/jobs/steps'
import { NO_CAPS } from '../test/cast'
import { signedIn } from '../test/client'
import { company, grow, gzipped } from '../test/company'
import { counted } from '../test/counted'
import { one } from '../test/database'

const PEOPLE = 1000
const FORM = '/w/acme/access/invitations/many'

/** One line of the table: what a request or the job asked of D1, and how long it took here. */
type Line = { what: string; trips: number; read: number; written: number; ms: number; html?: string }

it(`prints what inviting ${PEOPLE} people costs`, { timeout: 300_000 }, async () => {
  await company()
  await grow(0, 880)
  const ada = await signedIn('ada')
  const lines: Line[] = []
  const timed = async (what: string, ask: () => Promise<Response>) => {
    const began = performance.now()
    const answer = await ask()
    const html = await answer.text()
    const weight = html ? `${(html.length / 1024).toFixed(1)} / ${((await gzipped(html)) / 1024).toFixed(1)} KiB` : ''
    lines.push({
      what,
      trips: ada.roundTrips,
      read: ada.bill.read,
      written: ada.bill.written,
      ms: performance.now() - began,
      html: weight,
    })
    return answer
  }
  const list = Array.from({ length: PEOPLE }, (_, i) => `Person ${i} <list${i}@corp.test>`).join('\n')
  const stored = await timed('storing the list', () => ada.post(FORM, { list, role: 'user' }))
  const page = stored.headers.get('Location') ?? ''
  await timed('its review', () => ada.get(page))
  await timed('sending it', () => ada.post(`${page}/send`, { version: '1' }))
  const [id = '', DB, began] = [page.split('/').at(-1), counted(env.DB), performance.now()]
  await runJobs({ ...readEnv({ ...env, DB }), CAPS: NO_CAPS }, STEPS, [id])
  lines.push({
    what: 'the job',
    trips: DB.roundTrips(),
    read: DB.bill.read,
    written: DB.bill.written,
    ms: performance.now() - began,
  })
  await timed('its report', () => ada.get(page))

  const table = lines.map(
    ({ what, trips, read, written, ms, html = '' }) => `| ${what} | ${trips} | ${read} | ${written} | ${ms.toFixed(0)} | ${html} |`,
  )
  const all = lines.reduce((sum, { trips }) => sum + trips, 0)
  console.info(
    `What ${PEOPLE} invitations cost in a workspace of 1,000 people:\n\n| | D1 trips | rows read | rows written | ms | HTML, raw / gzip |\n|---|---|---|---|---|---|\n${table.join('\n')}\n\n${all} trips in all`,
  )
  expect(await one('SELECT done, left_out FROM jobs WHERE id = ?', id)).toEqual({ done: PEOPLE, left_out: 0 })
  expect(all).toBeLessThanOrEqual(12)
  expect(DB.bill.read, 'rows read by the job').toBeLessThan(400 * PEOPLE)
})
