import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { clientMeanwhile, type Meanwhile } from '../../../test/meanwhile'
import { happensToBob, joinsGlobex } from '../../../test/situation-of-bob'
import { SITUATIONS } from '../../../test/situations'
import { begin, CALLBACK, connected, finish, signsInTo, TOOL_SECRET, type Tool, tool } from '../../../test/tool'

let bob: Client
let traces: Tool
let meanwhile: Meanwhile

beforeEach(async () => {
  await connected()
  meanwhile = {}
  traces = await tool('traces', TOOL_SECRET, clientMeanwhile(meanwhile))
})

const LOSSES = Object.entries(SITUATIONS).filter(([, { answer }]) => answer !== 'signed in')

/** After the tool's request was read, and before what it writes. */
describe.each(LOSSES)('a tool has nothing of somebody who %s', (_, situation) => {
  beforeEach(async () => {
    if (situation.inTwo) await joinsGlobex()
    bob = clientMeanwhile(meanwhile)
    const session = await signedIn('bob')
    for (const [name, value] of session.cookies) bob.cookies.set(name, value)
  })

  const happens = () => happensToBob(situation)

  async function expectNoSignIn() {
    const { path, verifier } = await begin(traces)
    meanwhile.happens = happens
    const answer = await bob.get(path)
    const to = answer.headers.get('Location') ?? ''
    expect([answer.status, to.startsWith(CALLBACK) || to]).toEqual([303, expect.toBeOneOf([true, path])])
    if (to === path) expect((await bob.get(path)).headers.get('Location') ?? '').not.toContain(CALLBACK)
    else await expectNothing(await finish(traces, to, verifier).catch(() => undefined))
  }

  it('while they are sent back to it', () => expectNoSignIn())

  it('while they are sent back to it again', async () => {
    await signsInTo(traces, bob)
    await expectNoSignIn()
  })

  it('while it uses their code', async () => {
    const { path, verifier } = await begin(traces)
    const back = (await bob.get(path)).headers.get('Location') ?? ''
    meanwhile.happens = happens
    await expectNothing(await finish(traces, back, verifier).catch(() => undefined))
  })

  it('while it refreshes', async () => {
    const { tokens } = await signsInTo(traces, bob)
    meanwhile.happens = happens
    await expectNothing(await oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '').catch(() => undefined))
    await expectNothing(tokens)
  })
})

async function expectNothing(tokens: { access_token: string; refresh_token?: string | undefined } | undefined) {
  expect(meanwhile.happens).toBeUndefined()
  if (!tokens) return
  expect(await oidc.tokenIntrospection(traces.config, tokens.access_token)).toEqual({ active: false })
  await expect(oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
}
