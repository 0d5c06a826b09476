import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { IP, somebody } from '../../../test/cast'
import { all, run } from '../../../test/database'
import { insertFactorLink } from '../../../test/factor-link'
import { alsoInGlobex, hasPasskey } from '../../../test/factors'
import { FACTOR_SET_UP_MS } from '../../limits'
import { givePassword, passwordGiven } from './factor-link-password'
import { HashQueueFull, hashQueue } from './hash-queue'
import * as password from './password'

const NOW = Date.now()
const HERE = 'b'.repeat(64)
const verify = vi.spyOn(password, 'verifyPassword')
afterAll(() => vi.restoreAllMocks())

let jti = ''
beforeEach(async () => {
  verify.mockReset().mockResolvedValue({ ok: true, stale: false })
  await hasPasskey('bob')
  jti = await insertFactorLink('bob', 'lost')
})

const give = () => givePassword(somebody(NOW), jti, 'typed', { browser: HERE, ip: IP, keepBrowser: async () => HERE })
const signIns = () => all('SELECT user_id, browser_hash, expires_at FROM sign_ins')

describe('the password of whoever opened a link for a second factor', () => {
  it('counts for half an hour, in this browser, for the link of this person', async () => {
    const given = await give()
    const signIn = 'signIn' in given ? given.signIn : ''
    expect(await signIns()).toEqual([{ user_id: 'user-bob', browser_hash: HERE, expires_at: NOW + FACTOR_SET_UP_MS }])

    const counts = async ({ of = jti, browser = HERE, now = NOW }) =>
      (await passwordGiven({ db: somebody().db, now }, of, { signIn, browser })).length === 1
    expect(await counts({})).toBe(true)
    expect(await passwordGiven({ db: somebody().db, now: NOW }, jti, { signIn: 'another', browser: HERE })).toEqual([])
    expect(await counts({ browser: 'c'.repeat(64) })).toBe(false)
    expect(await counts({ of: await insertFactorLink('ada', 'lost') })).toBe(false)
    expect(await counts({ now: NOW + FACTOR_SET_UP_MS })).toBe(false)
  })

  it('is told where it is wrong, in the log of the workspaces that are open to its person', async () => {
    await alsoInGlobex()
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob-globex'")
    verify.mockResolvedValue({ ok: false, stale: false })
    expect(await give()).toMatchObject({ refusal: { reason: 'wrong' } })
    expect(await all("SELECT tenant_id, member_id FROM activity WHERE kind = 'sign_in_failed'")).toEqual([
      { tenant_id: 'acme', member_id: 'bob' },
    ])
  })

  it('is not counted while there is no room to look at it', async () => {
    const line = vi.spyOn(hashQueue, 'expectRoom').mockImplementationOnce(() => {
      throw new HashQueueFull()
    })
    await expect(give()).rejects.toThrow(HashQueueFull)
    line.mockRestore()
    expect(await all('SELECT key FROM throttles')).toEqual([])
  })

  it('behind a link that is none any more counts against no account', async () => {
    await run("UPDATE factor_links SET state = 'superseded', closed_at = 1, write_nonce = 'n'")
    expect(await give()).toMatchObject({ refusal: { reason: 'wrong' } })
    expect(await all('SELECT key FROM throttles')).toEqual([{ key: `sign-in:ip:${IP}` }])
  })

  it.each([
    ['the password is changed', "UPDATE credentials SET secret = 'new' WHERE user_id = 'user-bob' AND kind = 'password'"],
    ['a newer link is emailed', "UPDATE factor_links SET state = 'superseded', closed_at = 1, write_nonce = 'n'"],
  ])('counts for nothing where %s while it is verified', async (_, change) => {
    verify.mockImplementation(async () => {
      await run(change)
      await insertFactorLink('ada', 'lost')
      return { ok: true, stale: false }
    })
    expect(await give()).toMatchObject({ refusal: { reason: 'wrong' } })
    expect(await signIns()).toEqual([])
    expect(await all('SELECT hits FROM throttles')).toEqual([{ hits: 1 }, { hits: 1 }])
  })
})
