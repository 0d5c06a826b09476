import { beforeEach, expect, it } from 'vitest'
import { all, run } from '../../../test/database'
import { behindProxy, visitor } from '../../../test/proxy'
import { together, tryOften } from '../../../test/race'

beforeEach(() => behindProxy())

it('a code that twenty bring at once gives one ticket at most, which is worth nothing then', async () => {
  const bob = await visitor('bob')
  await tryOften(async () => {
    await run('DELETE FROM app_grants')
    const set = await bob.asks('/')
    const back = await bob.atLatchkey.get(pathTo(set))
    const answers = await together(() => bob.asks(pathTo(back)))
    const given = answers.filter(({ status }) => status === 303)
    expect(given.length).toBeLessThanOrEqual(1)
    bob.atTool.cookies.set('__Host-latchkey', given.map(ticketIn).join())
    expect((await bob.checks('/')).status).toBe(401)
    expect(await all('SELECT count(*) AS n FROM app_tokens')).toEqual([{ n: 0 }])
    expect(await all('SELECT count(*) AS n FROM app_grants WHERE ended_at IS NULL')).toEqual([{ n: 0 }])
  })
})

const pathTo = (answer: Response) => {
  const { pathname, search } = new URL(answer.headers.get('Location') ?? '')
  return pathname + search
}
const ticketIn = (answer: Response) => /__Host-latchkey=([^;]+)/.exec(answer.headers.getSetCookie().join())?.[1] ?? ''
