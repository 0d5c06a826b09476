import * as oidc from 'openid-client'
import { beforeEach, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, one } from '../../../test/database'
import { AT_ONCE, together, tryOften } from '../../../test/race'
import { begin, connected, finish, signsInTo, type Tool, tool } from '../../../test/tool'

type Tokens = { access_token: string }

let traces: Tool
let bob: Client

beforeEach(async () => {
  await connected()
  traces = await tool()
  bob = await signedIn('bob')
})

it('a code that is used by many at once is worth one sign-in at most, which its reuse ends', async () => {
  await tryOften(async () => {
    const { path, verifier } = await begin(traces)
    const back = (await bob.get(path)).headers.get('Location') ?? ''
    await expectWorthless(await together(() => finish(traces, back, verifier).catch(reasonOf)))
  })
})

it('a refresh token that is used by many at once goes on once at most, and ends the sign-in', async () => {
  await tryOften(async () => {
    const { tokens } = await signsInTo(traces, bob)
    await expectWorthless([
      tokens,
      ...(await together(() => oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '').catch(reasonOf))),
    ])
  })
})

it('many sign-ins of a person at once are one, by which all of the tokens are of one grant and one person', async () => {
  await tryOften(async () => {
    const signed = await together(async () => (await signsInTo(traces, bob)).tokens)
    expect(new Set(signed.map((tokens) => tokens.claims()?.sub)).size).toBe(1)
    expect(new Set(signed.map((tokens) => tokens.claims()?.sid)).size).toBe(1)
    expect(await one('SELECT count(*) AS n FROM app_grants WHERE ended_at IS NULL')).toEqual({ n: 1 })
    for (const tokens of signed) expect(await isActive(tokens)).toBe(true)
    await (await signedIn('ada')).post('/w/acme/access/permissions/bob', { section: 'traces', access: 'off' })
    for (const tokens of signed) expect(await isActive(tokens)).toBe(false)
    await (await signedIn('ada')).post('/w/acme/access/permissions/bob', { section: 'traces', access: 'on' })
  }, 5)
})

it('whoever loses access while a tool signs them in or refreshes has nothing afterwards', async () => {
  const ada = await signedIn('ada')
  const turn = (access: string) => ada.post('/w/acme/access/permissions/bob', { section: 'traces', access })
  await tryOften(async (i) => {
    const { tokens } = await signsInTo(traces, bob)
    const early = i % 2 ? turn('off') : undefined
    const [signed, refreshed] = await Promise.all([
      signsInTo(traces, bob).catch(reasonOf),
      oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '').catch(reasonOf),
      early ?? turn('off'),
    ])
    expect(await all('SELECT id FROM app_grants WHERE ended_at IS NULL')).toEqual([])
    expect(await all('SELECT id FROM app_tokens')).toEqual([])
    if (typeof signed !== 'string') expect(await isActive(signed.tokens)).toBe(false)
    if (typeof refreshed !== 'string') expect(await isActive(refreshed)).toBe(false)
    await turn('on')
  })
})

/** One has won at most, the others are refused, and what anybody was given is over. */
async function expectWorthless(answers: (Tokens | string)[]) {
  const refused = answers.filter((answer) => typeof answer === 'string')
  expect(new Set(refused)).toEqual(new Set(['invalid_grant']))
  expect(refused.length).toBeGreaterThanOrEqual(AT_ONCE - 1)
  expect(await all('SELECT id FROM app_grants WHERE ended_at IS NULL')).toEqual([])
  expect(await all('SELECT id FROM app_tokens')).toEqual([])
  for (const answer of answers) if (typeof answer !== 'string') expect(await isActive(answer)).toBe(false)
}

const isActive = async ({ access_token }: Tokens) => (await oidc.tokenIntrospection(traces.config, access_token)).active

const reasonOf = (error: { error?: string; message?: string }) => error.error ?? `${error.message}`
