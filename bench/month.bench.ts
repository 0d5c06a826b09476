import { it } from 'vitest'
import { run } from '../test/database'
import { people } from '../test/people'
import { EVERY_MONTH, hashMs, measure, STEPS } from './invitation'
import { nothing, type Usage } from './metered'
import { CPU_MS, LOG_LINES, PLAN, PRICES, priceOf } from './prices'

const INVITATIONS = [1_000, 100_000, 1_000_000]
/** A page takes a few; `npm run bench` cannot tell them from the wait for D1, so this is an allowance. */
const CPU_MS_A_REQUEST = 5
const HASHES_AN_INVITATION = 6

const METERS = Object.keys(nothing()) as (keyof Usage)[]
const times = (usage: Usage, factor: number) => Object.fromEntries(METERS.map((meter) => [meter, usage[meter] * factor])) as Usage
const sum = (usages: Usage[]) =>
  Object.fromEntries(METERS.map((meter) => [meter, usages.reduce((total, usage) => total + usage[meter], 0)])) as Usage

/** A workspace that comes close to its limits of pending people and mails a day, which an invitation counts. */
async function busyWorkspace() {
  await people(90)
  await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
    SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', unixepoch() * 1000, 9999999999999
    FROM members WHERE id GLOB 'person-*'`)
  await run(`INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
    SELECT 'x-' || id, 'acme', id, 'invitation', email, email_key, 'i-' || id, unixepoch() * 1000, 'delivered'
    FROM members WHERE id GLOB 'person-*'`)
}

const PEOPLE = 5_000

/** What D1 stores for somebody invited: member, invitation, mail with what became of it, three entries. In bytes. */
async function bytesAPerson() {
  const before = await run('DELETE FROM throttles')
  await people(PEOPLE, 10_000)
  const some = "FROM members WHERE id GLOB 'person-1*'"
  await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
    SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, 2 ${some}`)
  await run(`INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
    SELECT 'x-' || id, 'acme', id, 'invitation', email, email_key, 'i-' || id, 1, 'delivered' ${some}`)
  for (const kind of ['sent', 'delivered'])
    await run(`INSERT INTO mail_events (id, mail_id, kind, at) SELECT '${kind}-' || id, 'x-' || id, '${kind}', 1 ${some}`)
  for (const kind of ['invited', 'accepted', 'signed_in'])
    await run(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, member_id, member_email, ip)
      SELECT '${kind}-' || id, 'acme', 1, '${kind}', id, id, email, '203.0.113.7' ${some}`)
  const after = await run('DELETE FROM throttles')
  return (after.meta.size_after - before.meta.size_after) / PEOPLE
}

it('a month', { timeout: 300_000 }, async () => {
  await busyWorkspace()
  const lines: string[] = []
  async function measured(steps: typeof STEPS) {
    const usages: Usage[] = []
    for (const step of steps) {
      const usage = await measure(step)
      lines.push(row(step.what, step.times, ...METERS.slice(1, -1).map((meter) => usage[meter])))
      usages.push(times(usage, step.times))
    }
    return sum(usages)
  }
  const each = await measured(STEPS)
  const always = await measured(EVERY_MONTH)
  const hash = await hashMs()

  const bytes = await bytesAPerson()
  const table = INVITATIONS.map((count) => monthOf(count, sum([times(each, count), always]), hash, bytes))
  print(lines, table, hash, bytes)
})

type Month = { count: number; usage: Usage; cpuMs: number; logLines: number; gb: number; dollars: number; mailDollars: number }

const OPERATIONS_A_MESSAGE = 3

/** One for each request, email and run of the Cron. */
const linesOf = ({ requests, queueOperations }: Usage) =>
  requests + queueOperations / OPERATIONS_A_MESSAGE + EVERY_MONTH.reduce((total, step) => total + step.times, 0)

function monthOf(count: number, usage: Usage, hash: number, bytes: number): Month {
  const cpuMs = usage.requests * CPU_MS_A_REQUEST + count * HASHES_AN_INVITATION * hash
  const { mails, ...platform } = usage
  const used = Object.entries(platform).map(([meter, amount]) => priceOf(amount, PRICES[meter as keyof Usage]))
  const logLines = linesOf(usage)
  const dollars = PLAN + used.reduce((total, price) => total + price, 0) + priceOf(cpuMs, CPU_MS) + priceOf(logLines, LOG_LINES)
  return { count, usage, cpuMs, logLines, gb: (count * bytes) / 1e9, dollars, mailDollars: priceOf(mails, PRICES.mails) }
}

/** In one piece, since the test runner names its source before each. */
function print(lines: string[], months: Month[], hash: number, bytes: number) {
  const text = [
    'One time of each, as measured, and how often one invitation is taken to lead to it:',
    '',
    row('', 'times', 'rows read', 'rows written', 'KV reads', 'KV writes', 'queue ops'),
    ...lines,
    '',
    `One password hash: ${hash.toFixed(0)} ms on this machine; ${HASHES_AN_INVITATION} of them for one invitation.`,
    `Somebody invited takes ${(bytes / 1024).toFixed(1)} KiB of the database, indexes included.`,
    '',
    'A month, in millions but for the money:',
    '',
    row('invitations', ...HEADINGS, 'GB more', '$', '$ mail'),
    ...months.map(({ count, usage, cpuMs, logLines, gb, dollars, mailDollars }) => {
      const amounts = [...METERS.slice(0, -1).map((meter) => usage[meter]), cpuMs, logLines].map(millions)
      return row(count.toLocaleString('en'), ...amounts, gb.toFixed(2), money(dollars), money(mailDollars))
    }),
  ]
  console.info(text.join('\n'))
}

const HEADINGS = ['requests', 'rows read', 'rows written', 'KV reads', 'KV writes', 'queue ops', 'CPU ms', 'log lines']

const row = (name: string, ...cells: (string | number)[]) => name.padEnd(40) + cells.map((cell) => `${cell}`.padStart(13)).join('')
const millions = (amount: number) => (amount / 1e6).toFixed(2)
const money = (dollars: number) => dollars.toFixed(2)
