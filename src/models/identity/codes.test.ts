import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { EncryptJWT } from 'jose'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { somebody } from '../../../test/cast'
import { one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { readEnv } from '../../env'
import { MINUTE_MS } from '../../limits'
import { sha256 } from '../core/random'
import { type CodeRow, codesOf, UnreadableTotpSecret, verifyCode } from './codes'
import type { Key, Keyring } from './keyring'
import { newRecoveryCodes, recoveryCodeIn } from './recovery-code'
import { sealedStart, TOTP_SECRET } from './sealed-start'
import { hasStarted, newSession, startSession } from './session'
import { newTotpSecret, openTotpSecret, sealTotpSecret, timeStepOf, totpUri } from './totp-secret'
import { spend } from './verified'

const { TOTP_KEYS: keys } = readEnv(env)
const STEP_MS = 30_000
const NOW = Date.UTC(2026, 10, 24, 9, 0, 10)

const codeAt = (secret: string, at: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })

async function appOf(userId = 'user-ada', { ring = keys, counter = 0, secret = newTotpSecret() } = {}) {
  const row: CodeRow = {
    userId,
    id: `app-${userId}`,
    kind: 'totp',
    secret: await sealTotpSecret(ring, { userId, secret }, NOW),
    counter,
  }
  return { secret, row }
}

const recoveryRow = async (code: string): Promise<CodeRow> => ({
  userId: 'user-ada',
  id: 'one',
  kind: 'recovery',
  secret: await sha256(code.replaceAll('-', '')),
  counter: 0,
})

const insert = ({ userId, id, kind, secret, counter }: CodeRow) =>
  run(
    `INSERT INTO credentials (id, user_id, kind, secret, counter, created_at, changed_at) VALUES (?, ?, ?, ?, ?, 0, 0)`,
    id,
    userId,
    kind,
    secret,
    counter,
  )

const newer = (minutes: number): Key => ({
  kid: `2026112${minutes}T0000Z`,
  startsAt: Date.UTC(2026, 10, 20 + minutes),
  key: crypto.getRandomValues(new Uint8Array(32)),
})

describe('a code of an authenticator app', () => {
  // RFC 6238, appendix B, SHA-1, of whose eight digits an app shows the last six.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i s is as the RFC says', (seconds, code) => {
    const secret = Secret.fromLatin1('12345678901234567890').base32
    expect(timeStepOf(secret, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  it.each([
    [-2, undefined],
    [-1, -1],
    [0, 0],
    [1, 1],
    [2, undefined],
  ])('of the step %i from now proves step %s', async (off, step) => {
    const { secret, row } = await appOf()
    const verified = await verifyCode(keys, [row], codeAt(secret, NOW + off * STEP_MS), NOW)

    const counter = step === undefined ? undefined : Math.floor(NOW / STEP_MS) + step
    expect(verified).toEqual(counter && { kind: 'totp', userId: 'user-ada', id: 'app-user-ada', counter, sealedAnew: undefined })
  })

  it('may be typed with spaces and in the digits of another keyboard', async () => {
    const { secret, row } = await appOf()
    const code = codeAt(secret, NOW)
    const wide = code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
    for (const typed of [`${code.slice(0, 3)} ${code.slice(3)}`, ` ${code}\n`, `${code.slice(0, 3)}-${code.slice(3)}`, wide])
      expect(await verifyCode(keys, [row], typed, NOW), typed).toBeDefined()
  })

  it('of a step that was used, or of an earlier one, proves nothing, now or in the next step', async () => {
    const used = Math.floor(NOW / STEP_MS)
    const { secret, row } = await appOf('user-ada', { counter: used })
    for (const [step, now] of [
      [used, NOW],
      [used, NOW + STEP_MS],
      [used - 1, NOW],
    ] as const)
      expect(await verifyCode(keys, [row], codeAt(secret, step * STEP_MS), now)).toBeUndefined()
    expect(await verifyCode(keys, [row], codeAt(secret, NOW + STEP_MS), NOW)).toBeDefined()
  })

  it('of somebody else, or of nobody, proves nothing', async () => {
    const [ada, bob] = [await appOf(), await appOf('user-bob')]
    expect(await verifyCode(keys, [ada.row], codeAt(bob.secret, NOW), NOW)).toBeUndefined()
    expect(await verifyCode(keys, [], codeAt(ada.secret, NOW), NOW)).toBeUndefined()
    for (const typed of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦'])
      expect(await verifyCode(keys, [ada.row], typed, NOW)).toBeUndefined()
  })
})

describe('the secret of an app', () => {
  it('has 160 bits, and is in a QR code for every app with the name of the deployment and the address', () => {
    const secret = newTotpSecret()
    expect(Secret.fromBase32(secret).bytes).toHaveLength(20)
    expect(totpUri(secret, { issuer: 'Latchkey: Acme', account: 'ada@acme.test' })).toBe(
      `otpauth://totp/Latchkey%20%20Acme:ada%40acme.test?issuer=Latchkey%20%20Acme&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    )
  })

  it('opens for its person alone', async () => {
    const { secret, row } = await appOf()
    expect(row.secret).not.toContain(secret)
    expect(await openTotpSecret(keys, { userId: 'user-ada', sealed: row.secret }, NOW)).toBe(secret)
    expect(await openTotpSecret(keys, { userId: 'user-bob', sealed: row.secret }, NOW)).toBeUndefined()
    await expect(verifyCode(keys, [{ ...row, userId: 'user-bob' }], codeAt(secret, NOW), NOW)).rejects.toThrow(UnreadableTotpSecret)
  })

  it('of another type, or changed by a character, does not open', async () => {
    const { row } = await appOf()
    const [{ kid, key }] = keys
    const draft = await new EncryptJWT({ secret: 'x' })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'latchkey-draft+jwt', kid })
      .setSubject('user-ada')
      .encrypt(key)
    for (const sealed of [
      draft,
      row.secret.replace(/\.(.)(?=[^.]+\.[^.]+$)/, (_, first) => `.${first === 'A' ? 'B' : 'A'}`),
      '',
      'x',
    ])
      expect(await openTotpSecret(keys, { userId: 'user-ada', sealed }, NOW)).toBeUndefined()
  })

  it('says so where its key is gone, for six digits only', async () => {
    const { secret, row } = await appOf('user-ada', { ring: [newer(1)] })
    const [code = ''] = (await newRecoveryCodes()).codes
    await expect(verifyCode(keys, [row], codeAt(secret, NOW), NOW)).rejects.toThrow(UnreadableTotpSecret)
    expect(await verifyCode(keys, [row, await recoveryRow(code)], code, NOW)).toMatchObject({ kind: 'recovery' })
  })

  it('is sealed anew by the newest key that has started, when its code is used', async () => {
    const now = Date.now()
    const old = newer(1)
    const ring: Keyring = [old, newer(2), { ...newer(3), startsAt: now + MINUTE_MS }]
    const { secret, row } = await appOf('user-ada', { ring: [old] })
    await insert(row)
    const proof = await verifyCode(ring, [row], codeAt(secret, now), now)
    if (!proof) throw new Error('The code is wrong')
    const act = somebody(now)
    await act.db.batch([
      ...startSession(act, await newSession(), [proof], { ip: '', userAgent: '' }, undefined),
      ...spend(act, [proof], sql`true`),
    ])

    const [after] = await codesOf(act.db, sql`${row.userId}`)
    expect(after?.secret.startsWith(sealedStart(TOTP_SECRET, '20261122T0000Z'))).toBe(true)
    expect(after).toMatchObject({ id: row.id, counter: Math.floor(now / STEP_MS) })
    expect(await openTotpSecret(ring, { userId: row.userId, sealed: after?.secret ?? '' }, NOW)).toBe(secret)
  })
})

describe('a recovery code', () => {
  it('has 120 bits in groups of four, and is another each time', async () => {
    const { codes } = await newRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
    const many = await Promise.all(Array.from({ length: 50 }, newRecoveryCodes))
    const letters = new Set(
      many
        .flatMap(({ codes }) => codes)
        .join('')
        .replaceAll('-', ''),
    )
    expect(letters.size).toBe(32)
  })

  it('is understood in any case, with any separators or none, and with letters that look like its digits', async () => {
    const code = '0123-4567-89AB-CDEF-GHJK-1110'
    const rows = [await recoveryRow(code)]
    for (const typed of [
      code,
      code.toLowerCase(),
      code.replaceAll('-', ''),
      code.replaceAll('-', ' — '),
      'OI23 4567 89ab cdef ghjk lLiO',
      `  ${code}\n`,
    ])
      expect(await verifyCode(keys, rows, typed, NOW), typed).toEqual({
        kind: 'recovery',
        userId: 'user-ada',
        id: 'one',
        left: 0,
      })
  })

  it('is none with a character too many, too few or wrong', async () => {
    const rows = [await recoveryRow('0123-4567-89AB-CDEF-GHJK-1110')]
    for (const typed of ['0123-4567-89AB-CDEF-GHJK-1111', '0123-4567-89AB-CDEF-GHJK-111', '0123-4567-89AB-CDEF-GHJK-11100', ''])
      expect(await verifyCode(keys, rows, typed, NOW), typed).toBeUndefined()
    expect(recoveryCodeIn('U123-4567-89AB-CDEF-GHJK-1110')).toBeUndefined()
  })
})

describe('one code given by twenty at once', () => {
  async function begunWith(typed: string, now: number) {
    const act = somebody(now)
    const proof = await verifyCode(keys, await codesOf(act.db, sql`'user-ada'`), typed, now)
    if (!proof) return 0
    const session = await newSession()
    const [begun] = await act.db.batch([
      ...startSession(act, session, [proof], { ip: '', userAgent: '' }, undefined),
      ...spend(act, [proof], hasStarted(session)),
    ])
    return begun.length
  }

  it('of an app signs one in', async () => {
    const { secret, row } = await appOf()
    await insert(row)
    await tryOften(async (i) => {
      const now = NOW + (i + 1) * STEP_MS
      const begun = await together(() => begunWith(codeAt(secret, now), now))
      expect(begun.filter((count) => count > 0)).toEqual([1])
    })
    expect(await one('SELECT counter FROM credentials WHERE id = ?', row.id)).toEqual({ counter: Math.floor(NOW / STEP_MS) + 50 })
  })

  it('that is for recovery signs one in', async () => {
    await tryOften(async () => {
      const [code = ''] = (await newRecoveryCodes()).codes
      await insert({ ...(await recoveryRow(code)), id: code })
      const begun = await together(() => begunWith(code, NOW))
      expect(begun.filter((count) => count > 0)).toEqual([1])
    })
    expect(await one(`SELECT count(*) AS left FROM credentials WHERE kind = 'recovery'`)).toEqual({ left: 0 })
  })
})
