import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { happensToBob, joinsGlobex } from '../../../test/situation-of-bob'
import { type Answer, SITUATIONS } from '../../../test/situations'
import { begin, CALLBACK, connected, finish, signsInTo, type Tool, tool } from '../../../test/tool'

const NOBODY = { error: 'invalid_grant' }

let bob: Client
let traces: Tool

beforeEach(async () => {
  await connected()
  traces = await tool()
})

describe.each(Object.entries(SITUATIONS))('somebody who %s', (_, situation) => {
  const goesOn = situation.answer === 'signed in'

  beforeEach(async () => {
    if (situation.inTwo) await joinsGlobex()
    bob = await signedIn('bob')
  })

  it(`is told "${situation.answer}" when the tool asks for the first time`, async () => {
    await happensToBob(situation)
    expect(await asked()).toEqual(PAGES[situation.answer])
    expect(await asked({ prompt: 'none' })).toEqual(SILENT[situation.answer])
  })

  it(goesOn ? 'is signed in by a code from before' : 'is not signed in by a code from before', async () => {
    const { path, verifier } = await begin(traces)
    const back = (await bob.get(path)).headers.get('Location') ?? ''
    await happensToBob(situation)
    const tokens = finish(traces, back, verifier)
    if (goesOn) expect((await tokens).claims()).toMatchObject({ email: 'bob@acme.test' })
    else await expect(tokens).rejects.toMatchObject(NOBODY)
  })

  it(goesOn ? 'stays signed in' : 'is nobody any more by what the tool has', async () => {
    const { tokens } = await signsInTo(traces, bob)
    await happensToBob(situation)
    const told = oidc.fetchUserInfo(traces.config, tokens.access_token, tokens.claims()?.sub ?? '')
    if (goesOn) expect(await told).toMatchObject({ email: 'bob@acme.test' })
    else await expect(told).rejects.toMatchObject({ status: 401 })
    expect(await oidc.tokenIntrospection(traces.config, tokens.access_token)).toMatchObject({ active: goesOn })
    const refreshed = oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')
    if (goesOn) expect((await refreshed).claims()?.sub).toBe(tokens.claims()?.sub)
    else await expect(refreshed).rejects.toMatchObject(NOBODY)
    expect(await asked()).toEqual(PAGES[situation.answer])
  })
})

type Told = { status: number; to: string | undefined; error: string | null }

const SIGNED_IN: Told = { status: 303, to: CALLBACK, error: null }
const UNKNOWN: Told = { status: 404, to: undefined, error: null }

const PAGES: Record<Answer, Told> = {
  'signed in': SIGNED_IN,
  'no access': { status: 403, to: undefined, error: null },
  'unknown app': UNKNOWN,
  'sign in': { status: 303, to: 'https://latchkey.test/login', error: null },
}

/** Where the tool wants no page. Of somebody who is nobody here it is told nothing. */
const SILENT: Record<Answer, Told> = {
  'signed in': SIGNED_IN,
  'no access': { status: 303, to: CALLBACK, error: 'access_denied' },
  'unknown app': UNKNOWN,
  'sign in': { status: 303, to: CALLBACK, error: 'login_required' },
}

async function asked(params: Record<string, string> = {}): Promise<Told> {
  const answer = await bob.get((await begin(traces, params)).path)
  const location = answer.headers.get('Location')
  const url = location === null ? undefined : new URL(location, 'https://latchkey.test')
  return { status: answer.status, to: url && url.origin + url.pathname, error: url?.searchParams.get('error') ?? null }
}
