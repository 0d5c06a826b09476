import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BEYOND_REPAIR, DAMAGES, type Damage } from '../../test/damage'
import { readEnv } from '../env'
import { HOUR_MS } from '../limits'
import { randomSecret } from '../models/core/random'
import { jtiOf, type Purpose, signToken } from '../models/identity/token'
import { MAILED_PATHS } from '../paths'
import { mailedLinkIn } from './mailed-link'

const { INVITATION_KEYS, RESET_KEYS, JOIN_LINK_KEYS, JOIN_KEYS, FACTOR_LINK_KEYS } = readEnv(env)
const KEYS = {
  invitation: INVITATION_KEYS,
  password_reset: RESET_KEYS,
  join_link: JOIN_LINK_KEYS,
  join: JOIN_KEYS,
  factor_link: FACTOR_LINK_KEYS,
}
const PURPOSES = ['invitation', 'password_reset', 'join_link', 'join', 'factor_link'] as const

async function linkOf(purpose: Purpose, jti = randomSecret()) {
  const token = await signToken(KEYS[purpose][0], purpose, { jti, iat: Date.now(), exp: Date.now() + HOUR_MS })
  return { purpose, jti, token, url: `https://latchkey.test${MAILED_PATHS[purpose]}?token=${token}` }
}

/** As it comes out of the parser of the platform. */
const received = (url: string) => new Request(url).url

describe.each(PURPOSES)('the link of an %s', (purpose) => {
  it.each([['nothing changed', (url: string) => url] as Damage, ...DAMAGES])('is found: %s', async (_, damage) => {
    const { url, token } = await linkOf(purpose)

    expect(mailedLinkIn(received(damage(url)))).toEqual({ purpose, tokens: expect.arrayContaining([token]) })
  })

  it.each(BEYOND_REPAIR)('is beyond repair, and known for a link: %s', async (_, damage) => {
    const { url } = await linkOf(purpose)
    const found = mailedLinkIn(received(damage(url)))

    expect(found?.purpose).toBe(purpose)
    for (const token of found?.tokens ?? []) expect(await jtiOf(KEYS[purpose], purpose, token)).toBeUndefined()
  })
})

/** An equals sign that lost its line end reads like the first of a quoted character: a link has one or the other. */
const [BREAKS, QUOTED] = [/^= inside/, /=[\dA-F]{2}/]

describe.each([
  ['lost line ends', DAMAGES.filter(([what]) => !QUOTED.test(what))],
  ['quoted characters', DAMAGES.filter(([what]) => !BREAKS.test(what))],
])('a link with %s', (_, damages) => {
  it('is found after several of them, one after another', async () => {
    const jti = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true }))
    const some = fc.array(fc.constantFrom(...damages), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PURPOSES), jti, some, async (purpose, id, all) => {
        const { url, token } = await linkOf(purpose, id)
        const damaged = all.reduce((text, [, damage]) => damage(text), url)
        expect(mailedLinkIn(received(damaged))?.tokens, damaged).toContain(token)
      }),
      { numRuns: 200 },
    )
  })
})

it('whatever it finds in any URL at all, it never fails', () => {
  fc.assert(
    fc.property(fc.constantFrom('', '/invitation', '/reset-password?token='), fc.string({ unit: 'binary' }), (path, text) => {
      const url = URL.parse(`https://latchkey.test${path}${text}`)
      if (url) mailedLinkIn(url.href)
    }),
  )
})

it.each([
  '/',
  '/login?token=x',
  '/invitations?token=x',
  '/invitation-list',
  '/w/acme/invitation',
  '/reset-passwords',
  '/reset',
  '/x/invitation',
])('%s is no path of a link', (path) => {
  expect(mailedLinkIn(`https://latchkey.test${path}`)).toBeUndefined()
})

it('is not looked for in a URL of more than 4,096 characters', async () => {
  const { url, token } = await linkOf('invitation')
  const far = url.replace('?', `?x=${'a'.repeat(5000)}&`)

  expect([mailedLinkIn(far)?.tokens, mailedLinkIn(far.replace(/a{3000}/, ''))?.tokens]).toEqual([[], [token]])
})
