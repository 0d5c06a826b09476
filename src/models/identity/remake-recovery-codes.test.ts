import { beforeEach, describe, expect, it } from 'vitest'
import { hasProvenAuthenticatorApp, hasRecoveryCodes } from '../../../test/authenticator-apps'
import { personActOf, viewerNamed } from '../../../test/cast'
import { all, facts, run } from '../../../test/database'
import type { PersonAct } from '../core/act'
import { remakeRecoveryCodes } from './remake-recovery-codes'

const MADE_AT = 5
let bob: PersonAct

beforeEach(async () => {
  bob = personActOf(await viewerNamed('bob'))
  await hasProvenAuthenticatorApp('bob')
  await hasRecoveryCodes('bob', MADE_AT)
  await hasRecoveryCodes('ada', MADE_AT + 1)
})

const remake = (madeAt = MADE_AT) => remakeRecoveryCodes(bob, { madeAt, from: { ip: '203.0.113.9', userAgent: 'Test' } })
const codesOf = (name: string) =>
  all<{ id: string }>("SELECT id, secret FROM credentials WHERE user_id = ? AND kind = 'recovery' ORDER BY id", `user-${name}`)

describe('recovery codes that are made anew', () => {
  it('take the place of all that their person had, and of nobody else’s', async () => {
    const [bobs, adas] = [await codesOf('bob'), await codesOf('ada')]
    expect(await remake()).toMatchObject({ codes: { length: 10 }, mailIds: [expect.any(String)] })

    const now = await codesOf('bob')
    expect(now).toHaveLength(10)
    expect(now.filter(({ id }) => bobs.some((each) => each.id === id))).toEqual([])
    expect(await codesOf('ada')).toEqual(adas)
    expect(await all("SELECT about FROM mails WHERE kind = 'recovery_codes_made'")).toEqual([
      { about: '{"userAgent":"Test","ip":"203.0.113.9"}' },
    ])
    expect(await all("SELECT tenant_id, member_id FROM activity WHERE kind = 'recovery_codes_made'")).toEqual([
      { tenant_id: 'acme', member_id: 'bob' },
    ])
  })

  it.each([
    ['behind a session that ended', 'DELETE FROM sessions', 'not_proven'],
    ['behind one that has been idle', 'UPDATE sessions SET last_seen_at = 1', 'not_proven'],
    ['behind one that proved the app too long ago', 'UPDATE sessions SET factor_at = 1', 'not_proven'],
    ['without a second factor', "DELETE FROM credentials WHERE kind = 'totp'", 'no_factor'],
    ['in the place of other codes by now', "UPDATE credentials SET created_at = 6 WHERE kind = 'recovery'", 'codes_changed'],
  ])('%s change nothing', async (_, change, reason) => {
    await run(change)
    const [before, had] = [await facts(), await codesOf('bob')]

    expect(await remake()).toEqual({ reason })
    expect([await facts(), await codesOf('bob')]).toEqual([before, had])
  })
})
