import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, somebody, typed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { joinLink } from '../../../test/join-links'
import { metered } from '../../../test/people'
import { startOver } from '../../../test/world'
import { readEnv } from '../../env'
import { DAY_MS, HOUR_MS } from '../../limits'
import { deliver } from '../../mail/deliver'
import type { Act } from '../core/act'
import { sha256 } from '../core/random'
import { askForLink } from './ask-for-link'
import { turnOff } from './make'

beforeEach(startOver)

const NOW = Date.now()
const from = (ip: string, now = NOW): Act => ({ ...somebody(now), by: { ...somebody().by, ip } })
const ask = async (act: Act, { jti }: { jti: string }, email: string) => askForLink(act, await sha256(jti), typed(email))
const emailsTo = (email: string) => all("SELECT kind, state FROM mails WHERE to_key = ? AND kind = 'join'", email)

/** Unknown, and everything that an address can be here or elsewhere. */
const ADDRESSES = [
  'new@acme.test',
  'ada@acme.test',
  'bob@acme.test',
  'pia@acme.test',
  'dov@acme.test',
  'cat@globex.test',
  'stop@acme.test',
]

describe('whatever the address is,', () => {
  it('asking costs the same trips, statements and rows, and writes one email', async () => {
    await run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('stop@acme.test', '', 'complained', 1)")
    const link = await joinLink({ domains: ['acme.test'] })
    // Of a link, the first that asks starts its count.
    await ask(from('198.51.100.99'), link, 'first@acme.test')
    const bills = []
    for (const [i, email] of ADDRESSES.entries()) {
      const { db, bill } = metered()
      expect(await ask({ ...from(`198.51.100.${i}`), db }, link, email)).toMatchObject({ mailId: expect.any(String) })
      bills.push({ ...bill })
      expect(await emailsTo(email)).toEqual([{ kind: 'join', state: 'queued' }])
    }
    expect(new Set(bills.map((bill) => JSON.stringify(bill))).size, JSON.stringify(bills)).toBe(1)
  })

  it('no member, seat, request or entry comes of it', async () => {
    const link = await joinLink()
    const tables = ['members', 'users', 'activity', 'join_requests', 'join_notices', 'member_counts', 'mail_days']
    const before = await Promise.all(tables.map((table) => all(`SELECT * FROM ${table}`)))
    await ask(from('198.51.100.1'), link, 'new@acme.test')
    expect(await Promise.all(tables.map((table) => all(`SELECT * FROM ${table}`)))).toEqual(before)
    expect(await one('SELECT uses FROM join_links')).toEqual({ uses: 0 })
  })
})

it('an address that may not be emailed is left out when the email would be sent', async () => {
  await run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('stop@acme.test', 'acme', 'asked', 1)")
  const asked = await ask(from('198.51.100.1'), await joinLink(), 'stop@acme.test')
  if (!('mailId' in asked)) throw new Error(asked.reason)
  await deliver(readEnv(env), {}, [asked.mailId], NOW)
  expect(await emailsTo('stop@acme.test')).toEqual([{ kind: 'join', state: 'dropped' }])
})

describe('limits', () => {
  it('an address gets three emails an hour, and a fourth request the same answer without one', async () => {
    const link = await joinLink()
    for (let i = 0; i < 5; i++)
      expect(await ask(from(`198.51.100.${i}`), link, 'new@acme.test')).toMatchObject({ mailId: expect.any(String) })
    expect(await emailsTo('new@acme.test')).toHaveLength(3)
    await ask(from('198.51.100.9', NOW + HOUR_MS + 1), link, 'new@acme.test')
    expect(await emailsTo('new@acme.test')).toHaveLength(4)
  })

  it('a network asks twenty times an hour, which counts against no address and no link', async () => {
    const link = await joinLink()
    for (let i = 0; i < 20; i++) expect(await ask(from('198.51.100.1'), link, `new-${i}@acme.test`)).toHaveProperty('mailId')
    expect(await ask(from('198.51.100.1'), link, 'last@acme.test')).toEqual({ reason: 'too_many_tries', retryAt: NOW + HOUR_MS })
    expect(await emailsTo('last@acme.test')).toEqual([])
    expect(await all("SELECT key FROM throttles WHERE key = 'join:address:last@acme.test'")).toEqual([])
    expect(await one("SELECT hits FROM throttles WHERE key LIKE 'join:link:%'")).toEqual({ hits: 20 })
  })

  it('a link causes a hundred emails a day, however many networks ask', async () => {
    const link = await joinLink()
    for (let i = 0; i < 100; i++) await ask(from(`198.51.${i}.1`), link, `new-${i}@acme.test`)
    expect(await ask(from('203.0.113.1'), link, 'last@acme.test')).toEqual({ reason: 'too_many_tries', retryAt: NOW + DAY_MS })
    expect(await ask(from('203.0.113.1'), await joinLink(), 'last@acme.test')).toHaveProperty('mailId')
  })

  it('of no other kind are touched: neither what the workspace may email nor what an admin may send there', async () => {
    const before = await all('SELECT * FROM mail_days')
    await ask(from('198.51.100.1'), await joinLink(), 'new@acme.test')
    expect(await all('SELECT * FROM mail_days')).toEqual(before)
  })
})

it.each([
  ['turned off', async ({ id }: { id: string }) => turnOff(await actNamed('ada'), id)],
  ['expired', ({ id }: { id: string }) => run('UPDATE join_links SET created_at = 1, expires_at = 2 WHERE id = ?', id)],
  ['used up', ({ id }: { id: string }) => run('UPDATE join_links SET uses = most_uses WHERE id = ?', id)],
  ['of a suspended workspace', () => run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")],
])('a link that is %s emails nobody', async (_, change) => {
  const link = await joinLink()
  await change(link)
  const asked = await ask(from('198.51.100.1'), link, 'new@acme.test')
  expect(asked).toEqual({ reason: 'unusable' })
  expect(await emailsTo('new@acme.test')).toEqual([])
})
