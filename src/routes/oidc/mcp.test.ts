import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { run } from '../../../test/database'
import { AGENT, agrees, begins, codeIn, describes, letsIn, PROGRAM, Program } from '../../../test/mcp'
import { happensToBob, joinsGlobex } from '../../../test/situation-of-bob'
import { type Answer, SITUATIONS } from '../../../test/situations'
import { connected } from '../../../test/tool'

const ITS_AGENT = { agent: 'agent-release-notes' }
const ID = 'helper'

/** A program that is connected as an app, and one that names itself by a document. */
const PROGRAMS = [
  ['connected as an app', ID, () => new Program({ registered: { client_id: ID } })],
  ['known by its document alone', PROGRAM, () => new Program()],
] as const

let bob: Client

beforeEach(async () => {
  const redirect_uris = '["http://127.0.0.1:33418/callback"]'
  const isPublic = { auth: 'none', secret_hash: null, granted_at: null, redirect_uris }
  await connected({ id: ID, section: null, agent_id: ITS_AGENT.agent, resource: AGENT, ...isPublic })
  await run("UPDATE tenants SET metadata_clients = 1 WHERE id = 'acme'")
  describes()
})
afterEach(() => vi.restoreAllMocks())

describe.each(PROGRAMS)('an MCP client that is %s', (_, clientId, program) => {
  beforeEach(async () => {
    bob = await signedIn('bob')
  })

  it('finds its way from the agent to Latchkey, and is let in by somebody who agrees', async () => {
    const mine = program()
    await letsIn(bob, mine)
    expect(await mine.whoami()).toMatchObject({
      aud: AGENT,
      client_id: clientId,
      workspace: 'acme',
      scope: 'openid profile offline_access',
    })
    expect([...new Set(mine.asked)]).toEqual([
      AGENT,
      'https://agent.example/.well-known/oauth-protected-resource/mcp',
      'https://latchkey.test/.well-known/oauth-authorization-server',
      'https://latchkey.test/oauth/token',
    ])
  })

  it('is let in by somebody who has to sign in first', async () => {
    const mine = program()
    const path = await begins(mine)
    const stranger = new Client()
    const login = await stranger.get(path)
    expect(new URL(login.headers.get('Location') ?? '', 'https://latchkey.test').pathname).toBe('/login')
    const code = codeIn(await agrees(bob, path))
    await mine.finish(code ?? '')
    expect(await mine.whoami()).toMatchObject({ client_id: clientId })
  })

  it('has a new token whenever the last one is over, and no other client can use what it refreshes by', async () => {
    const mine = program()
    await letsIn(bob, mine)
    const { sub } = await mine.whoami()
    expire(mine)
    expect((await mine.whoami()).sub).toBe(sub)
    const thief = new Program({ registered: { client_id: clientId === ID ? PROGRAM : ID } })
    thief.tokenSet = mine.tokenSet && { ...mine.tokenSet, access_token: 'over' }
    await expect(thief.whoami()).rejects.toBeInstanceOf(UnauthorizedError)
  })

  it('goes back with no access where somebody cancels', async () => {
    const page = await (await bob.get(await begins(program()))).text()
    const cancel = /href="(\/oauth\/cancel[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const back = new URL((await bob.get(cancel)).headers.get('Location') ?? '')
    expect([back.origin, back.searchParams.get('error')]).toEqual(['http://127.0.0.1:33418', 'access_denied'])
  })

  describe.each(Object.entries(SITUATIONS))('of somebody who %s', (_name, situation) => {
    const goesOn = situation.answer === 'signed in'

    beforeEach(async () => {
      if (situation.inTwo) await joinsGlobex()
      bob = await signedIn('bob')
    })

    it(`is told "${situation.answer}" when it asks for the first time`, async () => {
      await happensToBob(situation, ITS_AGENT)
      const answer = await bob.get(await begins(program()))
      expect([answer.status, headingOf(await answer.text())]).toEqual(PAGES[situation.answer])
    })

    it(goesOn ? 'is let in by a code from before' : 'is not let in by a code from before', async () => {
      const mine = program()
      const code = codeIn(await agrees(bob, await begins(mine))) ?? ''
      await happensToBob(situation, ITS_AGENT)
      if (!goesOn) return expect(mine.finish(code)).rejects.toThrow('grant request is invalid')
      await mine.finish(code)
      expect(await mine.whoami()).toMatchObject({ workspace: 'acme' })
    })

    it(goesOn ? 'stays in' : 'has to ask again once its token is over', async () => {
      const mine = program()
      await letsIn(bob, mine)
      await happensToBob(situation, ITS_AGENT)
      expire(mine)
      const told = mine.whoami()
      if (goesOn) expect(await told).toMatchObject({ client_id: clientId })
      else await expect(told).rejects.toBeInstanceOf(UnauthorizedError)
    })
  })
})

const PAGES: Record<Answer, [number, string | undefined]> = {
  'signed in': [200, expect.stringMatching(/^(Sign in to Traces|Let a program use Traces\?)$/)],
  'no access': [403, expect.stringContaining('You do not have access')],
  'unknown app': [404, expect.any(String)],
  'sign in': [303, undefined],
}

const headingOf = (page: string) => /<h1[^>]*>([^<]*)/.exec(page)?.[1]

/** As after five minutes: the agent does not take it any more. */
function expire({ tokenSet }: Program) {
  if (tokenSet) tokenSet.access_token = 'over'
}
