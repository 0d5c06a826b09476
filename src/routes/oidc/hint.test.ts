import { beforeEach, describe, expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { begin, connected, signsInTo, type Tool, tool } from '../../../test/tool'

/** OpenID Connect Core 3.1.2.1: whoever is not the person of the hint is not signed in in their place. */
describe('an ID token as a hint of who is expected', () => {
  let traces: Tool
  let hint: string

  beforeEach(async () => {
    await connected()
    traces = await tool()
    hint = (await signsInTo(traces, 'bob')).tokens.id_token ?? ''
  })

  const backOf = async (name: 'ada' | 'bob', params: Record<string, string>) => {
    const { path } = await begin(traces, { id_token_hint: hint, ...params })
    const back = new URL((await (await signedIn(name)).get(path)).headers.get('Location') ?? '')
    return [back.searchParams.get('error'), back.searchParams.has('code')]
  }

  it.each([{ prompt: 'none' }, {}])('signs in that person, and tells the app where it is another: %j', async (params) => {
    expect(await backOf('bob', params)).toEqual([null, true])
    expect(await backOf('ada', params)).toEqual(['login_required', false])
  })
})
