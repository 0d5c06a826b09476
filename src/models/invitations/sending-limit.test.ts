import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { DAY_MS, RENEW, RESEND } from '../../limits'
import type { MemberAct } from '../core/act'
import { changeAddress } from './address-change'
import { cancel } from './cancel'
import { type Invited, invite } from './invite'
import { renew } from './renewal'
import { resend } from './resend'
import type { Caps } from './sending-limit'

let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

type Change = { by?: MemberAct; caps?: Caps; now?: number }
const inviteTo = (email: string, { by = ada, caps = NO_CAPS, now = Date.now() }: Change = {}) => {
  const draft = { address: typed(email), role: 'user' as const, note: null, overrides: {}, agentMode: undefined, agentIds: [] }
  return invite({ ...by, now }, draft, caps)
}
const reasonOf = (result: Invited) => ('reason' in result ? result.reason : undefined)
const reasonsOf = (results: Invited[]) => Object.entries(Object.groupBy(results, (one) => reasonOf(one) ?? 'invited')).map(count)
const count = ([reason, results]: [string, Invited[] | undefined]) => `${results?.length} ${reason}`
const resendPia = (caps: Caps, now: number) => resend({ ...ada, now }, 'pia', caps)
const jtiOfPia = async () => (await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = 'pia'"))?.jti ?? ''

/** Each try has a day of its own, so that the one before does not count. */
const dayOf = (attempt: number) => Date.now() + RESEND.cooldownMs + (attempt + 1) * (DAY_MS + 1)

describe('twenty invitations at once', () => {
  it('leave no more pending people than a workspace may have', async () => {
    await tryOften(async (n) => {
      const [pending] = await all<{ n: number }>(
        "SELECT count(*) AS n FROM members WHERE tenant_id = 'acme' AND status = 'pending'",
      )
      const caps = { ...NO_CAPS, pending: (pending?.n ?? 0) + 3 }

      const made = await together((i) => inviteTo(`nell-${n}-${i}@acme.test`, { caps }))
      expect(reasonsOf(made).toSorted()).toEqual(['17 too_many_pending', '3 invited'])
    })
    expect(reasonOf(await inviteTo('nell@globex.test', { by: cat, caps: { ...NO_CAPS, pending: 1 } }))).toBeUndefined()
  })

  it('send no more mails a day than a workspace may', async () => {
    const caps = { ...NO_CAPS, mailsADay: 3 }
    await tryOften(async (n) => {
      const made = await together((i) => inviteTo(`nell-${n}-${i}@acme.test`, { caps, now: dayOf(n) }))
      expect(reasonsOf(made).toSorted()).toEqual(['17 too_many_mails', '3 invited'])
    })
  })

  it('send no more mails a day than all workspaces together may', async () => {
    const caps = { ...NO_CAPS, mailsADayInAll: 3 }
    await tryOften(async (n) => {
      const by = (i: number) => ((i + n) % 2 ? ada : cat)
      const made = await together((i) => inviteTo(`nell-${n}-${i}@acme.test`, { caps, by: by(i), now: dayOf(n) }))
      expect(reasonsOf(made).toSorted()).toEqual(['17 too_many_mails_in_all', '3 invited'])
    })
  })

  it('of one address, each cancelled and tried again, send it six mails a day from one workspace', async () => {
    const mailed = `INSERT INTO mails (id, tenant_id, kind, to_email, to_key, invitation_id, created_at)
      SELECT ?1 || value, 'acme', 'invitation', ?1, ?1, 'invitation-pia', ?2 FROM json_each('[1, 2, 3, 4]')`
    await tryOften(async (n) => {
      const [email, now] = [`frank-${n}@acme.test`, dayOf(n)]
      const inviteAndCancel = async () => {
        const made = await inviteTo(email, { now })
        if ('mailId' in made) await cancel({ ...ada, now }, made.memberId)
      }
      await run(mailed, email, now)
      await together(() => inviteAndCancel().then(inviteAndCancel))

      expect(await all('SELECT id FROM mails WHERE to_key = ?', email)).toHaveLength(6)
      expect(reasonOf(await inviteTo(email, { now }))).toBe('too_often')
    }, 15)
    expect(reasonOf(await inviteTo('frank-0@acme.test', { by: cat, now: dayOf(0) }))).toBeUndefined()
  })
})

it.each([
  ['a workspace', { ...NO_CAPS, mailsADay: 3 }, 'too_many_mails'],
  ['all workspaces', { ...NO_CAPS, mailsADayInAll: 3 }, 'too_many_mails_in_all'],
])('the mails of %s are counted over invitations and resends, and only those that were written', async (_, caps, reason) => {
  const now = dayOf(1)
  expect(await resendPia(caps, now)).toHaveProperty('mailId')
  expect(await resendPia(caps, now)).toMatchObject({ reason: 'too_soon' })
  expect(reasonOf(await inviteTo('bob@acme.test', { caps, now }))).toBe('already_active')
  expect(reasonOf(await inviteTo('nell@acme.test', { caps, now }))).toBeUndefined()
  expect(reasonOf(await inviteTo('zoe@acme.test', { caps, now }))).toBeUndefined()

  const later = now + 2 * RESEND.cooldownMs
  const before = await dump()
  expect(await resendPia(caps, later)).toMatchObject({ reason })
  expect(reasonOf(await inviteTo('frank@acme.test', { caps, now: later }))).toBe(reason)
  expect(await dump()).toEqual(before)
  expect(await resendPia(caps, later + DAY_MS)).toHaveProperty('mailId')
})

it('what people ask for themselves counts for no workspace, and is sent when an admin may send no more', async () => {
  const [caps, now] = [{ ...NO_CAPS, mailsADay: 1, mailsADayInAll: 1 }, dayOf(1)]
  expect(await renew(somebody(now), await jtiOfPia())).toHaveProperty('mailId')
  expect(await all('SELECT * FROM mail_days WHERE sent > 0')).toEqual([])

  expect(await resendPia(caps, now + RENEW.cooldownMs)).toHaveProperty('mailId')
  expect(await resendPia(caps, now + 2 * RESEND.cooldownMs)).toMatchObject({ reason: 'too_many_mails' })
  expect(await renew(somebody(now + 2 * RENEW.cooldownMs), await jtiOfPia())).toHaveProperty('mailId')
})

it('whoever is refused for all workspaces learns when the day ends', async () => {
  const [caps, now] = [{ ...NO_CAPS, mailsADayInAll: 1 }, dayOf(1)]
  await inviteTo('nell@globex.test', { by: cat, caps, now })

  expect(await resendPia(caps, now + 1000)).toEqual({ reason: 'too_many_mails_in_all', retryAt: now + DAY_MS })
})

describe('an address', () => {
  const mailsTo = async (key: string) => (await all('SELECT 1 FROM mails WHERE to_key = ?', key)).length

  it('gets no more than six mails a day from a workspace, however many people are pointed to it', async () => {
    await tryOften(async (n) => {
      const now = dayOf(n)
      const target = typed(`nell-${n}@acme.test`)
      const people = await Promise.all(Array.from({ length: 20 }, (_, i) => invitee({ ...ada, now }, `other-${n}-${i}@acme.test`)))
      for (const { memberId } of people.slice(0, 10)) {
        await changeAddress({ ...ada, now: now + 1 }, memberId, target, NO_CAPS)
        await changeAddress({ ...ada, now: now + 2 }, memberId, typed(`away-${memberId}@acme.test`), NO_CAPS)
      }
      await together((i) => changeAddress({ ...ada, now: now + 3 }, people[i]?.memberId ?? '', target, NO_CAPS))
      expect(await mailsTo(target.key)).toBe(6)
    }, 3)
  })

  it('is not mailed by a resend what an invitation may not mail it', async () => {
    const now = Date.now()
    for (let i = 0; i < 5; i++) {
      const { memberId } = await invitee({ ...ada, now: now + i }, 'nell@acme.test')
      await cancel({ ...ada, now: now + i }, memberId)
    }
    const { memberId } = await invitee({ ...ada, now: now + 6 }, 'nell@acme.test')
    const first = now
    expect(await resend({ ...ada, now: now + 2 * RESEND.cooldownMs }, memberId, NO_CAPS)).toEqual({
      reason: 'too_often',
      retryAt: first + DAY_MS,
    })
    expect(await mailsTo('nell@acme.test')).toBe(6)
  })
})
