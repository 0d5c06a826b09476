import { beforeAll, describe, expect, inject, it } from 'vitest'
import { breachesAreKnown, isBreached } from './breaches'

describe('the range of breached passwords', () => {
  const rangeUrl = `${inject('providerUrl')}/range/`
  const BREACHED = 'velvet otter gravel monsoon'
  const PADDED = 'copper lantern meadow fjord'

  const digestOf = async (password: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(password))).toHex().toUpperCase()
  const answer = (prefix: string, lines: string[]) => fetch(rangeUrl + prefix, { method: 'PUT', body: lines.join('\r\n') })

  beforeAll(async () => {
    const [breached, padded] = [await digestOf(BREACHED), await digestOf(PADDED)]
    await answer(breached.slice(0, 5), [`${'0'.repeat(35)}:3`, `${breached.slice(5)}:12`])
    await answer(padded.slice(0, 5), [`${padded.slice(5)}:0`])
  })

  it('tells a breached one, from five characters of its hash', async () => {
    expect(await isBreached({ rangeUrl, password: BREACHED })).toBe(true)
    expect(await isBreached({ rangeUrl: '', password: BREACHED })).toBe(false)
  })

  it('is padded with lines that mean nothing', async () => {
    expect(await isBreached({ rangeUrl, password: PADDED })).toBe(false)
  })

  it('knows nothing of others', async () => {
    expect(await isBreached({ rangeUrl, password: 'plum teapot orbit canyon' })).toBe(false)
  })

  it('is not asked of whoever the API redirects to', async () => {
    const moved = 'walnut ferry saddle breeze'
    const digest = await digestOf(moved)
    await answer(digest.slice(0, 5), [`moved to /range/${'F'.repeat(5)}`])
    await answer('F'.repeat(5), [`${digest.slice(5)}:3`])
    expect(await isBreached({ rangeUrl, password: moved })).toBeUndefined()
  })

  it.each(['http://127.0.0.1:1/range/', `${inject('providerUrl')}/nowhere/`])(
    'at %s cannot be had, and nothing is known',
    async (url) => {
      expect(await isBreached({ rangeUrl: url, password: BREACHED })).toBeUndefined()
      expect(await breachesAreKnown(url)).toBe(false)
    },
  )
})
