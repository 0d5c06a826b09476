import { beforeEach, describe, expect, it } from 'vitest'
import { all } from '../../../test/database'
import { behindProxy, TOOL_HOST, type Visitor, visitor } from '../../../test/proxy'
import { happensToBob, joinsGlobex } from '../../../test/situation-of-bob'
import { type Answer, SITUATIONS } from '../../../test/situations'

let bob: Visitor

beforeEach(() => behindProxy())

describe.each(Object.entries(SITUATIONS))('somebody who %s', (_, situation) => {
  const goesOn = situation.answer === 'signed in'

  beforeEach(async () => {
    if (situation.inTwo) await joinsGlobex()
    bob = await visitor('bob')
  })

  it(`is told "${situation.answer}" at their first visit`, async () => {
    await happensToBob(situation)
    expect(await arrives()).toEqual(ARRIVES[situation.answer])
  })

  const stays = () =>
    it('stays signed in', async () => {
      await bob.opens('/')
      await happensToBob(situation)
      expect(await asksOnce()).toEqual([200, 200])
    })

  const ends = () =>
    it('is let through no more with the next request', async () => {
      await bob.opens('/')
      await happensToBob(situation)
      expect(await asksOnce()).toEqual([401, 401])
      expect(await arrives()).toEqual(ARRIVES[situation.answer])
    })

  if (goesOn) stays()
  else ends()

  it(goesOn ? 'is signed in by a code from before' : 'is not let through by a code from before', async () => {
    const way = await bob.asks('/')
    const back = (await bob.atLatchkey.get(way.headers.get('Location')?.replace('https://latchkey.test', '') ?? '')).headers
    await happensToBob(situation)
    const { pathname, search } = new URL(back.get('Location') ?? '')
    await bob.asks(pathname + search)
    expect((await bob.checks('/')).status).toBe(goesOn ? 200 : 401)
    if (!goesOn) expect(await all("SELECT id FROM app_tokens WHERE kind = 'ticket'")).toEqual([])
  })
})

const asksOnce = async () => [
  (await bob.asks('/', { headers: { 'Sec-Fetch-Mode': 'cors' } })).status,
  (await bob.checks('/')).status,
]

/** Where they end, having set out for the tool. */
async function arrives() {
  const { answer, way } = await bob.opens('/')
  return [answer.status, new URL(way.at(-1) ?? `https://${TOOL_HOST}/`).pathname]
}

const ARRIVES: Record<Answer, [number, string]> = {
  'signed in': [200, '/'],
  'no access': [403, '/oauth/forward'],
  'unknown app': [404, '/oauth/forward'],
  'sign in': [200, '/login'],
}
