import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { somebody } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { assertionOf, attestationOf, type Misbehaviour, newKeys, type SoftPasskey, softPasskey } from '../../../test/passkey'
import { AT_ONCE, together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { CHALLENGE_MS } from '../../limits'
import { insertFactor } from './add-factor'
import { makeChallenge, pruneChallenges, takeChallenge } from './challenge'
import { assertionOptions, passkeyOf, registrationOptions, verifyPasskey, verifyRegistration } from './passkey'
import { readAssertion, readAttestation } from './passkey-response'

const db = connect(env.DB)
const HOLDER = { purpose: 'sign_in', holder: 'this browser' } as const
let bobs: SoftPasskey

async function register(passkey: SoftPasskey, how?: Misbehaviour) {
  const challenge = await makeChallenge(somebody(), { purpose: 'register', holder: 'session' })
  const made = readAttestation(await attestationOf(passkey, challenge, how))
  return made && verifyRegistration(env, made, made)
}

async function give(passkey: SoftPasskey, userId: string) {
  const kept = await register(passkey)
  if (!kept) throw new Error('not registered')
  return insertFactor(somebody(), sql`${userId}`, { ...kept, name: 'Key' }, sql`true`)
}

beforeEach(async () => {
  bobs = await softPasskey()
  await give(bobs, 'user-bob')
})

/** What an answer to a challenge proves, as a route would ask it. */
async function prove(text: string, holder: Parameters<typeof makeChallenge>[1] = HOLDER, now = Date.now()) {
  const assertion = readAssertion(text)
  if (!assertion) return undefined
  const { challenge, response } = assertion
  const [[taken], [row]] = await db.batch([takeChallenge(db, { ...holder, challenge }, now), passkeyOf(db, response.id)])
  return verifyPasskey(env, assertion, row, taken)
}

const use = async (passkey: SoftPasskey, how?: Misbehaviour) =>
  prove(await assertionOf(passkey, await makeChallenge(somebody(), HOLDER), how))

const PROVEN = { kind: 'passkey', userId: 'user-bob' }

describe('a passkey', () => {
  it('proves whose it is', async () => {
    expect(await use(bobs)).toEqual({ ...PROVEN, id: bobs.id, counter: 1, backedUp: false })
    expect(await use(bobs, { backedUp: true })).toMatchObject({ counter: 2, backedUp: true })
  })

  it('that does not count stays at 0', async () => {
    expect(await use(bobs, { counter: 0 })).toMatchObject({ ...PROVEN, counter: 0 })
  })

  it('that has counted further before is there twice, whatever it counts to now', async () => {
    await run("UPDATE credentials SET counter = 7 WHERE kind = 'passkey'")
    for (const counter of [0, 6, 7]) expect(await use(bobs, { counter })).toEqual({ reason: 'cloned' })
    expect(await use(bobs, { counter: 6, keys: await newKeys() })).toEqual({ reason: 'wrong' })
    expect(await use(bobs, { counter: 8 })).toMatchObject({ ...PROVEN, counter: 8 })
  })

  const LIES: Record<string, () => Misbehaviour | Promise<Misbehaviour>> = {
    'for another site': () => ({ origin: 'https://latchkey.example' }),
    'for another port': () => ({ origin: `${env.APP_ORIGIN}:8443` }),
    'for another host': () => ({ rpId: 'test' }),
    'in a frame of another site': () => ({ crossOrigin: true }),
    'for a new passkey': () => ({ type: 'webauthn.create' }),
    'without verifying the person': () => ({ verified: false }),
    'with nobody there': () => ({ present: false }),
    'with another key': async () => ({ keys: await newKeys() }),
  }
  it.each(Object.entries(LIES))('that signs %s proves nothing', async (_, lie) => {
    expect((await use(bobs, await lie())) ?? { reason: 'wrong' }).toEqual({ reason: 'wrong' })
  })

  it('that nobody has proves nothing, like one that was removed', async () => {
    expect(await use(await softPasskey())).toEqual({ reason: 'wrong' })
    await run("DELETE FROM credentials WHERE kind = 'passkey'")
    expect(await use(bobs)).toEqual({ reason: 'wrong' })
  })

  it('that says it is of somebody else proves nothing', async () => {
    expect(await use(bobs, { userId: 'user-ada' })).toEqual({ reason: 'wrong' })
    expect(await use(bobs, { userId: 'user-bob' })).toMatchObject(PROVEN)
  })

  it('belongs to one person', async () => {
    expect(await give(bobs, 'user-cat')).toEqual([])
    expect(await all("SELECT user_id FROM credentials WHERE kind = 'passkey'")).toEqual([{ user_id: 'user-bob' }])
  })
})

describe('a challenge', () => {
  const made = () => makeChallenge(somebody(), HOLDER)

  it('is answered once', async () => {
    const answer = await assertionOf(bobs, await made())
    expect(await prove(answer)).toMatchObject(PROVEN)
    expect(await prove(answer)).toEqual({ reason: 'wrong' })
  })

  it('is answered only by whom it was made for, for what and in time', async () => {
    const answer = async () => assertionOf(bobs, await made())
    expect(await prove(await answer(), { ...HOLDER, holder: 'another' })).toEqual({ reason: 'wrong' })
    expect(await prove(await answer(), { ...HOLDER, purpose: 'confirm' })).toEqual({ reason: 'wrong' })
    expect(await prove(await answer(), HOLDER, Date.now() + CHALLENGE_MS)).toEqual({ reason: 'wrong' })
    expect(await prove(await assertionOf(bobs, 'bm90IG91cnM'))).toEqual({ reason: 'wrong' })
  })

  it('is taken once, however many take it at once', async () => {
    await tryOften(async () => {
      const challenge = { ...HOLDER, challenge: await made() }
      const taken = await together(async () => takeChallenge(db, challenge, Date.now()))
      expect(taken.flat()).toHaveLength(1)
      expect(taken).toHaveLength(AT_ONCE)
    })
  })

  it('that nobody answered is forgotten', async () => {
    await made()
    await pruneChallenges(db, Date.now())
    expect(await one('SELECT count(*) AS count FROM challenges WHERE purpose = ?', 'sign_in')).toEqual({ count: 1 })
    await pruneChallenges(db, Date.now() + CHALLENGE_MS)
    expect(await one('SELECT count(*) AS count FROM challenges')).toEqual({ count: 0 })
  })
})

describe('a new passkey', () => {
  it('is kept with what it is used by', async () => {
    const kept = await register(await softPasskey('bmV3'), { backedUp: true })
    expect(kept).toMatchObject({ kind: 'passkey', id: 'bmV3', counter: 0 })
    expect(JSON.parse(kept?.details ?? '')).toEqual({ transports: ['hybrid', 'internal'], backedUp: 1 })
  })

  it('counts as a second factor', async () => {
    expect(await one('SELECT factors FROM users WHERE id = ?', 'user-bob')).toEqual({ factors: 1 })
  })

  const LIES: Record<string, Misbehaviour> = {
    'on another site': { origin: 'https://latchkey.example' },
    'for another host': { rpId: 'test' },
    'in a frame of another site': { crossOrigin: true },
    'as an answer to another question': { type: 'webauthn.get' },
    'without verifying the person': { verified: false },
    'with nobody there': { present: false },
  }
  it.each(Object.entries(LIES))('made %s is refused', async (_, lie) => {
    expect(await register(await softPasskey(), lie)).toBeUndefined()
  })

  it('may say what made it, which nobody reads', async () => {
    // {"x5c": [h'00'], "sig": h'00', "alg": -7}
    const attStmt = Uint8Array.fromHex('a36378356381410063736967410063616c6726')
    for (const fmt of ['packed', 'tpm', 'apple', 'of-tomorrow'])
      expect(await register(await softPasskey(), { attestation: { fmt, attStmt } })).toBeDefined()
  })
})

it.each(['', 'null', '{}', '[]', '{"id":"x"}', '{'])('%s is no answer of a passkey', (text) => {
  expect(readAssertion(text)).toBeUndefined()
  expect(readAttestation(text)).toBeUndefined()
})

it('a browser is asked for a passkey that verifies the person and is found without an address', async () => {
  const [{ id, details }] = [{ id: 'a2V5', details: { transports: ['usb'], backedUp: 0 } } as const]
  const had = [{ id, details: { transports: [...details.transports], backedUp: details.backedUp } }]
  const ada = { id: 'user-ada', email: 'ada@acme.test', name: null }
  expect(await registrationOptions(env, 'Y2hhbGxlbmdl', ada, had)).toMatchObject({
    challenge: 'Y2hhbGxlbmdl',
    rp: { id: 'latchkey.test', name: 'Latchkey' },
    user: { name: 'ada@acme.test', displayName: 'ada@acme.test' },
    attestation: 'none',
    excludeCredentials: [{ id: 'a2V5', transports: ['usb'] }],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  expect(await assertionOptions(env, 'Y2hhbGxlbmdl')).toMatchObject({
    challenge: 'Y2hhbGxlbmdl',
    rpId: 'latchkey.test',
    userVerification: 'required',
    allowCredentials: [],
  })
})
