import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { all } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import {
  blockedUntil,
  countTry,
  forgetTries,
  forgotByAddress,
  forgotByIp,
  networkOf,
  pruneThrottles,
  returnTry,
  signInByAccount,
  signInByIp,
  type Throttle,
  uncountTry,
} from './throttle'

const db = connect(env.DB)
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const NOW = Date.UTC(2026, 10, 22)

const passes = async (throttle: Throttle, now: number) => (await countTry({ db, now }, throttle)).length === 1
const waitOf = async (throttle: Throttle, now: number) => Math.max(0, ((await blockedUntil(db, [throttle]))[0]?.until ?? 0) - now)

describe('tries at one account', () => {
  const account = signInByAccount('ada@acme.test')

  it('are free five times, then each waits for a delay that doubles from 1 s to 15 min', async () => {
    const waits: number[] = []
    let now = NOW
    for (let i = 0; i < 17; i++) {
      expect(await passes(account, now)).toBe(true)
      waits.push((await waitOf(account, now)) / SECOND)
      now += await waitOf(account, now)
    }

    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  })

  it('are refused until the very millisecond that the delay ends, and a refused one costs nothing', async () => {
    for (let i = 0; i < 5; i++) await passes(account, NOW)

    expect(await passes(account, NOW + SECOND - 1)).toBe(false)
    expect(await waitOf(account, NOW)).toBe(SECOND)
    expect(await passes(account, NOW + SECOND)).toBe(true)
  })

  it('that are taken back leave the number and the delay as they were', async () => {
    for (let i = 0; i < 4; i++) await passes(account, NOW)
    const [mine] = await countTry({ db, now: NOW }, account)
    expect(await waitOf(account, NOW)).toBe(SECOND)
    await returnTry(db, account, mine?.hits ?? 0)

    expect(await waitOf(account, NOW)).toBe(0)
    expect(await countTry({ db, now: NOW }, account)).toEqual([{ key: account.key, hits: 5 }])
  })

  it('that are taken back end no delay of another try', async () => {
    for (let i = 0; i < 3; i++) await passes(account, NOW)
    const [mine] = await countTry({ db, now: NOW }, account)
    await passes(account, NOW)
    await returnTry(db, account, mine?.hits ?? 0)

    expect(await waitOf(account, NOW)).toBe(SECOND)
    expect(await all('SELECT hits FROM throttles')).toEqual([{ hits: 4 }])
  })

  it('are forgotten after a day without one', async () => {
    for (let i = 0; i < 5; i++) await passes(account, NOW)
    const tomorrow = NOW + 24 * HOUR

    for (let i = 0; i < 4; i++) expect(await passes(account, tomorrow)).toBe(true)
    expect(await waitOf(account, tomorrow)).toBe(0)
  })

  it('are forgotten by a success, which takes its own try back from the network', async () => {
    const ip = signInByIp('192.0.2.1')
    for (let i = 0; i < 5; i++) await passes(account, NOW)
    await passes(ip, NOW)
    await db.batch([countTry({ db, now: NOW }, ip), forgetTries(db, account, sql`1`), uncountTry(db, ip, sql`1`)])

    expect(await all('SELECT key, hits FROM throttles')).toEqual([{ key: ip.key, hits: 1 }])
  })
})

describe.each([
  ['sign-in by network', signInByIp('192.0.2.1'), 20, 5 * MINUTE],
  ['forgotten passwords by address', forgotByAddress('ada@acme.test'), 3, HOUR],
  ['forgotten passwords by network', forgotByIp('192.0.2.1'), 60, HOUR],
])('%s', (_, throttle, free, windowMs) => {
  it(`passes ${free} times in its window, counted from the first`, async () => {
    for (let i = 0; i < free; i++) expect(await passes(throttle, NOW + i)).toBe(true)

    expect(await passes(throttle, NOW + free)).toBe(false)
    expect(await waitOf(throttle, NOW)).toBe(windowMs)
    expect(await passes(throttle, NOW + windowMs - 1)).toBe(false)
    expect(await passes(throttle, NOW + windowMs)).toBe(true)
  })

  it('never passes more often, however many come at once', async () => {
    await tryOften(async (i) => {
      const own = { ...throttle, key: `${throttle.key}:${i}` }
      const passed = await together(() => passes(own, NOW), free + 10)
      expect(passed.filter(Boolean)).toHaveLength(free)
    }, 5)
  })
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0000:0000:ffff::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::', '2001:db8:1:3::/64'],
  ['::1', '0:0:0:0::/64'],
  ['local', 'local'],
])('%s counts as %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})

it('what no longer limits anybody is swept, what does stays', async () => {
  await passes(signInByIp('192.0.2.1'), NOW)
  for (let i = 0; i < 5; i++) await passes(signInByAccount('ada@acme.test'), NOW)
  await db.batch([pruneThrottles(db, NOW + 5 * MINUTE)])

  expect(await all('SELECT key FROM throttles')).toEqual([{ key: signInByAccount('ada@acme.test').key }])
})
