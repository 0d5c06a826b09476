import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client } from '../../../test/client'
import { linkIn, resetLinkIn } from '../../../test/database'
import { PASS_PHRASE } from '../../../test/routes'
import type { Bindings } from '../../env'
import { kidOf } from '../../models/identity/keyring'
import * as password from '../../models/identity/password'

const MINUTE_MS = 60_000
const START = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS + 10 * MINUTE_MS
const NAMES = ['SESSION_KEY', 'INVITATION_KEY', 'RESET_KEY']

const secret = (fill: number) => new Uint8Array(32).fill(fill).toBase64({ alphabet: 'base64url', omitPadding: true })
const newer = Object.fromEntries(NAMES.map((name, i) => [`${name}_${kidOf(START)}`, secret(i)]))
const noOlder = Object.fromEntries(NAMES.map((name) => [`${name}_20260101T0000Z`, undefined]))

/** What an isolate knows that has not heard of the newer keys, one that has, and one after the older are deleted. */
const KNOWS = { older: {}, both: newer, newer: { ...newer, ...noOlder } } satisfies Record<string, Partial<Bindings>>
type Knows = keyof typeof KNOWS

beforeEach(() => {
  vi.spyOn(password, 'verifyPassword').mockResolvedValue({ ok: true, stale: false })
  vi.useFakeTimers({ toFake: ['Date'], now: START - 1 })
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('rotating the keys', () => {
  it('signs nobody out: a session holds until its key is deleted, and before its start a new key signs nothing', async () => {
    const earlier = await sessionFrom('both')
    vi.setSystemTime(START)
    const later = await sessionFrom('both')

    expect([await isIn('older', earlier), await isIn('both', earlier), await isIn('newer', earlier)]).toEqual([true, true, false])
    expect([await isIn('older', later), await isIn('both', later), await isIn('newer', later)]).toEqual([false, true, true])
  })

  it.each([
    ['/invitation', linkIn, 'pia@acme.test'],
    ['/reset-password', resetLinkIn, 'bob@acme.test'],
  ] as const)('kills no link of %s before its time', async (path, linkTo, address) => {
    await new Client().post('/forgot-password', { email: 'bob@acme.test' })
    const emailed = () => linkTo(address, { ...env, ...KNOWS.both })
    const earlier = await emailed()
    vi.setSystemTime(START)
    const later = await emailed()

    expect([await opens('older', path, earlier), await opens('both', path, earlier)]).toEqual([200, 200])
    expect(await opens('newer', path, earlier)).toBe(410)
    expect([await opens('older', path, later), await opens('both', path, later)]).toEqual([410, 200])
    expect(await opens('newer', path, later)).toBe(200)
  })
})

async function sessionFrom(knows: Knows) {
  const bob = new Client(KNOWS[knows])
  await bob.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })
  return bob.cookies.get('__Host-session') ?? ''
}

async function isIn(knows: Knows, session: string) {
  const client = new Client(KNOWS[knows])
  client.cookies.set('__Host-session', session)
  return (await client.get('/w/acme/agents')).status === 200
}

async function opens(knows: Knows, path: string, link: string) {
  const client = new Client(KNOWS[knows])
  const page = (await client.get(link)).headers.get('Location')
  return page?.startsWith(path) ? (await client.get(page)).status : 410
}
