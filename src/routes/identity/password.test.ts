import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { all, facts } from '../../../test/database'
import { PASS_PHRASE } from '../../dev/seed'
import * as password from '../../models/identity/password'

const WRONG = 'this is not the password'
const verify = vi.spyOn(password, 'verifyPassword')

afterEach(() => {
  verify.mockReset()
  vi.useRealTimers()
})

describe('a change of password', () => {
  const attempt = (bob: Client, current: string, fields: object = {}) =>
    bob.post('/account/password', { current, password: 'plum teapot orbit canyon', ...fields })

  it('with a wrong current password is refused beside the field, and too often until when', async () => {
    // The first wait is a second, which a busy machine needs for less.
    vi.setSystemTime(Date.now())
    verify.mockResolvedValue({ ok: false, stale: false })
    const bob = await signedIn('bob')
    const before = await facts()
    for (let i = 0; i < 5; i++) {
      const answer = await attempt(bob, WRONG)
      expect(answer.status).toBe(422)
      expect(await answer.text()).toContain('Incorrect password.')
    }
    const answer = await attempt(bob, PASS_PHRASE)

    expect([answer.status, answer.headers.get('Retry-After'), verify.mock.calls.length]).toEqual([429, '1', 5])
    expect(await answer.text()).toContain('Too many attempts. You can try again in 1 minute.')
    expect(await facts()).toEqual(before)
  })

  it('to a weak one is refused with the reason', async () => {
    const bob = await signedIn('bob')
    const answer = await attempt(bob, PASS_PHRASE, { password: 'short' })

    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Use at least 15 characters.')
  })

  it('to a weak one is no guess at the current one, which is not even compared', async () => {
    const bob = await signedIn('bob')
    for (let i = 0; i < 8; i++) expect((await attempt(bob, WRONG, { password: 'short' })).status).toBe(422)

    expect(verify).not.toHaveBeenCalled()
    expect(await all('SELECT hits, blocked_until FROM throttles')).toEqual([{ hits: 0, blocked_until: 0 }])
  })

  it('to a weak one waits like any other while guesses do', async () => {
    // The first wait is a second, which a busy machine needs for less.
    vi.setSystemTime(Date.now())
    verify.mockResolvedValue({ ok: false, stale: false })
    const bob = await signedIn('bob')
    for (let i = 0; i < 5; i++) await attempt(bob, WRONG)

    expect((await attempt(bob, WRONG, { password: 'short' })).status).toBe(429)
    expect(await all('SELECT hits FROM throttles')).toEqual([{ hits: 5 }])
  })
})
