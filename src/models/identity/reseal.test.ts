import { env } from 'cloudflare:workers'
import { beforeEach, expect, it, vi } from 'vitest'
import { somebody } from '../../../test/cast'
import { all, run } from '../../../test/database'
import { readEnv } from '../../env'
import { DAY_MS } from '../../limits'
import type { Key, Keyring } from './keyring'
import { resealing, unreadableTotpSecrets } from './reseal'
import { sealedStart, TOTP_SECRET } from './sealed-start'
import { newTotpSecret, openTotpSecret, sealTotpSecret } from './totp-secret'

const [first] = readEnv(env).TOTP_KEYS
const NOW = Date.UTC(2026, 11, 24)
const keyOf = (day: number): Key => ({
  kid: `202612${String(day).padStart(2, '0')}T0000Z`,
  startsAt: Date.UTC(2026, 11, day),
  key: crypto.getRandomValues(new Uint8Array(32)),
})
const [second, third, future] = [keyOf(1), keyOf(20), keyOf(25)]
const RING: Keyring = [first, second, third, future]

const secrets = new Map<string, string>()

async function app(name: string, ring: Keyring, sealedFor = `user-${name}`) {
  const secret = newTotpSecret()
  secrets.set(`user-${name}`, secret)
  await run(
    `INSERT INTO credentials (id, user_id, kind, secret, counter, created_at, changed_at) VALUES ('app', ?, 'totp', ?, 7, 1, 1)`,
    `user-${name}`,
    await sealTotpSecret(ring, { userId: sealedFor, secret }, NOW),
  )
}

const rows = () =>
  all<{ user_id: string; secret: string }>(`SELECT user_id, secret FROM credentials WHERE kind = 'totp' ORDER BY user_id`)
const sealedBy = async ({ kid }: Key) =>
  (await rows()).filter(({ secret }) => secret.startsWith(sealedStart(TOTP_SECRET, kid))).map(({ user_id }) => user_id)

beforeEach(async () => {
  await app('ada', [first])
  await app('bob', [second])
  await app('cat', [third])
})

it('what older keys sealed is sealed with the newest that has started, and opens as before', async () => {
  expect(await resealing(somebody(NOW), RING)()).toEqual({ count: 2, more: false })

  expect(await sealedBy(third)).toEqual(['user-ada', 'user-bob', 'user-cat'])
  for (const { user_id: userId, secret: sealed } of await rows())
    expect(await openTotpSecret([third], { userId, sealed }, NOW)).toBe(secrets.get(userId))
  expect(await resealing(somebody(NOW), RING)()).toEqual({ count: 0, more: false })
})

it('it goes on in steps, past one that does not open', async () => {
  await run("DELETE FROM credentials WHERE kind = 'totp'")
  await app('ada', [first], 'user-bob')
  await app('bob', [first])
  await app('cat', [second])
  const step = resealing(somebody(NOW), RING, 1)

  expect([await step(), await step(), await step(), await step()]).toEqual([
    { count: 0, more: true },
    { count: 1, more: true },
    { count: 1, more: true },
    { count: 0, more: false },
  ])
  expect(await sealedBy(third)).toEqual(['user-bob', 'user-cat'])
})

it('one that was replaced while it was sealed anew stays', async () => {
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle)
  vi.spyOn(crypto.subtle, 'decrypt').mockImplementationOnce(async (...how) => {
    await run(`UPDATE credentials SET secret = 'replaced' WHERE user_id = 'user-ada' AND kind = 'totp'`)
    return decrypt(...how)
  })
  expect(await resealing(somebody(NOW), RING)()).toEqual({ count: 2, more: false })
  expect((await rows())[0]).toEqual({ user_id: 'user-ada', secret: 'replaced' })
})

it('with one key nothing is asked, and before a new one has started nothing is sealed by it', async () => {
  const before = await rows()
  expect(await resealing(somebody(NOW), [third])()).toEqual({ count: 0, more: false })
  expect(await resealing(somebody(NOW - 10 * DAY_MS), [first, third])()).toEqual({ count: 0, more: false })
  expect(await rows()).toEqual(before)
})

it('who has an app that no key opens is counted', async () => {
  expect(await unreadableTotpSecrets(somebody().db, RING)).toBe(0)
  expect(await unreadableTotpSecrets(somebody().db, [second, third])).toBe(1)
  expect(await unreadableTotpSecrets(somebody().db, [future])).toBe(3)
})
