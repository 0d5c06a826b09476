import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all } from '../../../test/database'
import { PASS_PHRASE } from '../../dev/seed'
import { HashQueue, HashQueueFull, hashQueue, MOST_WAITING } from './hash-queue'
import { hashPassword, verifyPassword } from './password'

const SALT = 'c2FsdHNhbHRzYWx0c2FsdA'
/** "plum teapot" under N=16: quick, and stale. */
const QUICK = `$scrypt$ln=4,r=8,p=1$${SALT}$jNSMNjpvVDHnZ9cDsRmy2Br/RSHxOhX4/S0RLZ7+eWY`

/** Of the pass phrase of the seeds under a fixed salt, by OpenSSL. */
const SEEDED = '$scrypt$ln=15,r=8,p=3$bGF0Y2hrZXkgc2VlZGluZw$dueRc8quc0oYqhckiOaP+d65l6aOnp2LmDvjww4GFvE'

beforeEach(() => {
  vi.stubEnv('REAL_SCRYPT', 'yes')
  return () => vi.unstubAllEnvs()
})

it('a hash is a PHC string of its own salt, and only its password matches', async () => {
  const hash = await hashPassword('plum teapot orbit canyon')

  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await verifyPassword(hash, 'plum teapot orbit canyon')).toEqual({ ok: true, stale: false })
  expect(await verifyPassword(hash, 'plum teapot orbit canyoN')).toEqual({ ok: false, stale: false })
  expect(await hashPassword('plum teapot orbit canyon')).not.toBe(hash)
})

it('the hash of the seeds, made elsewhere, is understood', async () => {
  expect(await verifyPassword(SEEDED, PASS_PHRASE)).toEqual({ ok: true, stale: false })
})

it('a hash of other parameters still verifies, and asks for a new one', async () => {
  expect(await verifyPassword(QUICK, 'plum teapot')).toEqual({ ok: true, stale: true })
  expect(await verifyPassword(QUICK, 'plum teapots')).toEqual({ ok: false, stale: true })
})

it('composed and combining marks are the same password', async () => {
  const hash = await hashPassword('Zo\u00e9 und die B\u00e4ume')

  expect(await verifyPassword(hash, 'Zoe\u0301 und die Ba\u0308ume')).toMatchObject({ ok: true })
})

it('nobody has no password, not even an empty one or the bytes that stand in for it', async () => {
  for (const password of ['', 'A', '\0'.repeat(32)]) expect(await verifyPassword(undefined, password)).toMatchObject({ ok: false })
})

it('what is no hash matches nothing', async () => {
  for (const stored of ['', '$scrypt$', 'plum teapot', `$scrypt$ln=4,r=8,p=1$${SALT}$`, '$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA'])
    expect(await verifyPassword(stored, 'plum teapot')).toMatchObject({ ok: false })
})

describe('hashes', () => {
  /** Only waiting moves it, so that no machine is too busy for these tests. */
  let now = 0
  let timers: { at: number; ring: () => void }[] = []

  beforeEach(() => {
    now = 0
    timers = []
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    vi.spyOn(scheduler, 'wait').mockImplementation(wait)
  })
  afterEach(() => vi.restoreAllMocks())

  const wait = (ms: number) =>
    new Promise<void>((ring) => {
      timers.push({ at: now + ms, ring })
      setTimeout(ringNext)
    })

  function ringNext() {
    const [next, ...later] = timers.toSorted((a, b) => a.at - b.at)
    timers = later
    now = next?.at ?? now
    next?.ring()
  }

  /** The timers of those who wait ring no more, as for somebody whose client gave up. */
  function fullLine() {
    const line = new HashQueue()
    const waits = vi.spyOn(scheduler, 'wait').mockReturnValue(new Promise(() => {}))
    for (let i = 0; i <= MOST_WAITING; i++) void line.inTurn(() => i)
    waits.mockImplementation(wait)
    return line
  }

  it('are made in the order in which they were asked for, and whatever came meanwhile is done before the next', async () => {
    const line = new HashQueue()
    const seen: string[] = []
    const hash = (name: string) => line.inTurn(() => seen.push(name)).then(() => line.before(async () => seen.push('page')))
    await Promise.all(['first', 'second', 'third'].map(hash))

    expect(seen).toEqual(['first', 'page', 'second', 'page', 'third', 'page'])
  })

  it('wait for the pages that are being answered, and not for ever', async () => {
    const line = new HashQueue()
    const seen: string[] = []
    await line.inTurn(() => seen.push('first'))
    const page = line.before(() => scheduler.wait(100).then(() => seen.push('page')))
    await Promise.all([page, line.inTurn(() => seen.push('second'))])
    const since = now
    void line.before(() => new Promise(() => {}))
    await line.inTurn(() => seen.push('third'))

    expect(seen).toEqual(['first', 'page', 'second', 'third'])
    expect(now - since).toBe(250)
  })

  it('of those who gave up keep nobody waiting', async () => {
    const line = fullLine()
    now += 60_000

    expect(await line.inTurn(() => 'done')).toBe('done')
  })

  it('are waited for by so many at most; one more is told at once', async () => {
    const line = fullLine()

    await expect(line.inTurn(() => 'done')).rejects.toThrow(HashQueueFull)
    expect(() => line.expectRoom()).toThrow(HashQueueFull)
  })
})

describe('hashes for which there is no room', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each(['bob@acme.test', 'nobody@acme.test'])('count as no try of %s: 503, on page and fragment', async (email) => {
    vi.spyOn(hashQueue, 'expectRoom').mockImplementation(() => {
      throw new HashQueueFull()
    })
    vi.spyOn(console, 'error').mockReturnValue()
    const client = new Client()
    for (const htmx of [false, true]) {
      const answer = await client.post('/login', { email, password: PASS_PHRASE }, { htmx })
      expect([answer.status, answer.headers.get('Retry-After'), client.roundTrips]).toEqual([503, '20', 0])
      expect(await answer.text()).toContain('Try again in 20 seconds.')
    }
    expect(await all('SELECT key FROM throttles')).toEqual([])
  })

  it('count as no guess of whoever changes their password', async () => {
    vi.spyOn(hashQueue, 'expectRoom').mockImplementation(() => {
      throw new HashQueueFull()
    })
    vi.spyOn(console, 'error').mockReturnValue()
    const fields = { current: PASS_PHRASE, password: 'plum teapot orbit canyon' }

    expect((await (await signedIn('bob')).post('/account/password', fields)).status).toBe(503)
    expect(await all('SELECT key FROM throttles')).toEqual([])
  })
})
