import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { cancel } from './cancel'
import { decline } from './decline'
import { invite } from './invite'

let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

type Invited = { memberId: string; jti: string }

describe('a cancelled or declined invitation', () => {
  const ends = {
    cancelled: ({ memberId }: Invited) => cancel(ada, memberId),
    declined: ({ jti }: Invited) => decline(somebody(), jti, { never: false }),
  }

  it.each(['cancelled', 'declined'] as const)(
    '%s: the member is gone, the link is dead, the log says so, and it can be sent again',
    async (end) => {
      const nell = await invitee(ada)
      expect(await ends[end](nell)).toBe(true)

      expect(await one('SELECT id FROM members WHERE id = ?', nell.memberId)).toBeUndefined()
      expect(await one('SELECT state, member_id FROM invitations WHERE jti = ?', nell.jti)).toEqual({ state: end, member_id: null })
      expect(await all('SELECT kind, member_email FROM activity WHERE member_id = ? ORDER BY at, id', nell.memberId)).toEqual([
        { kind: 'invited', member_email: nell.email },
        { kind: end, member_email: nell.email },
      ])
      expect(await ends[end](nell)).toBe(false)
      const draft = { role: 'user' as const, note: null, overrides: {}, agentMode: undefined, agentIds: [] }
      expect(await invite(ada, { address: typed(nell.email), ...draft }, NO_CAPS)).toHaveProperty('mailId')
    },
  )

  it('cannot be cancelled by another workspace', async () => {
    const nell = await invitee(ada)
    const before = await dump()

    expect(await cancel(cat, nell.memberId)).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('cannot be declined after it expired', async () => {
    const nell = await invitee(ada)
    const before = await dump()

    expect(await decline(somebody(Date.now() + 3 * DAY_MS + 1000), nell.jti, { never: false })).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('can be declined by the link that was handed over', async () => {
    const nell = await invitee(ada)
    await run('UPDATE invitations SET copied_jti = ? WHERE jti = ?', 'c'.repeat(43), nell.jti)

    expect(await decline(somebody(), 'c'.repeat(43), { never: false })).toBe(true)
    expect(await one('SELECT id FROM members WHERE id = ?', nell.memberId)).toBeUndefined()
  })
})
