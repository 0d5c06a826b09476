import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, actOf, invitee, NO_CAPS, somebody, viewerNamed } from '../../../test/cast'
import { all, facts, one, run } from '../../../test/database'
import { joinLink, proofFor } from '../../../test/join-links'
import { together, tryOften } from '../../../test/race'
import { startOver } from '../../../test/world'
import type { MemberAct } from '../core/act'
import { accept } from '../invitations/acceptance'
import { leaseMails } from '../mail/lease'
import { approve, decline } from './answer'
import type { AccessGiven } from './join-link'
import { askToJoin } from './joining'
import { requestOf } from './request'

beforeEach(startOver)

const ACCESS: AccessGiven = { overrides: {}, agentMode: 'all', agentIds: [] }
const ABOUT = 'nora@acme.test'

async function waiting(email = ABOUT, userId?: string, link?: { jti: string }) {
  const jti = await proofFor(link ?? (await joinLink({ approval: true })), email)
  const asked = await askToJoin(somebody(), jti, { email, name: userId ? 'Cat Lindqvist' : 'Nora New', userId })
  if (!asked) throw new Error(`${email} could not ask`)
  return (await one<{ id: string }>('SELECT id FROM join_requests WHERE email_key = ?', email))?.id ?? ''
}

async function letIn(act: MemberAct, id: string, access = ACCESS, caps = NO_CAPS) {
  const [request] = await requestOf({ ...act, secretHash: '' }, id)
  if (!request) throw new Error('nobody waits')
  return approve(act, request, access, caps)
}

describe('approving', () => {
  it('somebody without an account invites them, with this access and the name they gave', async () => {
    const [act, id] = [await actNamed('ada'), await waiting()]
    const result = await letIn(act, id, { overrides: { logs: 'off' }, agentMode: 'list', agentIds: ['agent-support-triage'] })
    expect('mailIds' in result && result.mailIds).toContain(
      (await one<{ id: string }>("SELECT id FROM mails WHERE kind = 'invitation' AND to_key = ?", ABOUT))?.id,
    )

    expect(await one('SELECT status, role, agent_mode, invited_name, user_id FROM members WHERE id = ?', id)).toEqual({
      status: 'pending',
      role: 'user',
      agent_mode: 'list',
      invited_name: 'Nora New',
      user_id: null,
    })
    expect(await all('SELECT section, access FROM member_sections WHERE member_id = ?', id)).toEqual([
      { section: 'logs', access: 'off' },
    ])
    expect(await all('SELECT agent_id FROM member_agents WHERE member_id = ?', id)).toEqual([{ agent_id: 'agent-support-triage' }])
    expect(await all("SELECT kind, to_key FROM mails WHERE kind <> 'join' AND to_key = ?", ABOUT)).toEqual([
      { kind: 'invitation', to_key: ABOUT },
    ])
    const mail = await one<{ id: string }>("SELECT id FROM mails WHERE kind = 'invitation' AND to_key = ?", ABOUT)
    const [leased] = await leaseMails(somebody(), [mail?.id ?? ''])
    expect(leased?.letter).toMatchObject({ kind: 'invitation', asked: true })
    expect(await all('SELECT 1 FROM join_requests')).toEqual([])
    const link = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", id)
    expect(await accept(somebody(), link?.jti ?? '', { passwordHash: 'x', name: 'Nora' })).toBe(true)
    const kinds = await all<{ kind: string }>('SELECT kind FROM activity WHERE member_id = ? ORDER BY at, id', id)
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'asked_to_join', 'request_approved'])
  })

  it('somebody with a proven account makes them active at once, and emails them that', async () => {
    const [act, id] = [await actNamed('ada'), await waiting('cat@globex.test', 'user-cat')]
    await letIn(act, id)
    expect(await one('SELECT status, user_id FROM members WHERE id = ?', id)).toEqual({ status: 'active', user_id: 'user-cat' })
    expect(await all("SELECT kind FROM mails WHERE to_key = 'cat@globex.test' AND kind <> 'join'")).toEqual([
      { kind: 'join_approved' },
    ])
    expect(await all('SELECT 1 FROM invitations WHERE member_id = ?', id)).toEqual([])
  })

  it('gives an account that nobody has proven an invitation, which its holder accepts', async () => {
    const [act, id] = [await actNamed('ada'), await waiting('cat@globex.test', 'user-cat')]
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-cat'")
    await letIn(act, id)
    expect(await one('SELECT status FROM members WHERE id = ?', id)).toEqual({ status: 'pending' })
  })

  it('happens once, however many admins answer at once, and whichever way', async () => {
    const act = await actNamed('ada')
    const link = await joinLink({ approval: true, uses: 1000 }, act)
    await tryOften(async (i) => {
      const id = await waiting(`race-${i}@acme.test`, undefined, link)
      const [request] = await requestOf({ ...act, secretHash: '' }, id)
      if (!request) throw new Error('nobody waits')
      const answers = await together((n) => (n % 2 ? approve(act, request, ACCESS, NO_CAPS) : decline(act, id)))
      expect(answers.filter((answer) => 'mailIds' in answer)).toHaveLength(1)
      expect(answers.filter((answer) => 'reason' in answer && answer.reason !== 'gone')).toEqual([])
      const answered = await all("SELECT kind FROM activity WHERE member_id = ? AND kind LIKE 'request_%'", id)
      expect(answered).toHaveLength(1)
      const members = await all('SELECT 1 FROM members WHERE id = ?', id)
      expect(members).toHaveLength(answered[0]?.kind === 'request_approved' ? 1 : 0)
    })
  })
})

describe('approving is refused, and nothing is changed,', () => {
  const CASES: [reason: string, change: (act: MemberAct) => Promise<unknown>, access?: AccessGiven, caps?: typeof NO_CAPS][] = [
    ['already_pending', (act) => invitee(act, ABOUT)],
    ['unknown_agent', async () => {}, { ...ACCESS, agentMode: 'list', agentIds: ['agent-route-planner'] }],
    ['too_many_pending', async () => {}, ACCESS, { ...NO_CAPS, pending: 0 }],
    ['too_many_mails', async () => {}, ACCESS, { ...NO_CAPS, mailsADay: 0 }],
    [
      'cannot_be_mailed',
      () => run(`INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('${ABOUT}', '', 'complained', 1)`),
    ],
  ]

  it.each(CASES)('where it is %s', async (reason, change, access, caps) => {
    const [act, id] = [await actNamed('ada'), await waiting()]
    await change(act)
    const before = await facts()
    expect(await letIn(act, id, access, caps)).toMatchObject({ reason })
    expect(await facts()).toEqual(before)
  })

  it('but somebody with a proven account needs no email to be sent', async () => {
    const [act, id] = [await actNamed('ada'), await waiting('cat@globex.test', 'user-cat')]
    expect(await letIn(act, id, ACCESS, { pending: 0, mailsADay: 0, mailsADayInAll: 0 })).toHaveProperty('mailIds')
  })

  it('by an admin of another workspace', async () => {
    const id = await waiting()
    const cat = actOf(await viewerNamed('cat'))
    const [request] = await requestOf({ ...(await actNamed('ada')), secretHash: '' }, id)
    if (!request) throw new Error('nobody waits')
    const before = await facts()
    expect(await approve(cat, request, ACCESS, NO_CAPS)).toEqual({ reason: 'gone', turn: undefined })
    expect(await decline(cat, id)).toEqual({ reason: 'gone', turn: undefined })
    expect(await facts()).toEqual(before)
  })
})

describe('declining', () => {
  it('removes the request, tells the person, and gives the use back', async () => {
    const link = await joinLink({ approval: true, uses: 1 })
    const id = await waiting(ABOUT, undefined, link)
    expect(await one('SELECT uses FROM join_links WHERE id = ?', link.id)).toEqual({ uses: 1 })
    expect(await decline(await actNamed('ada'), id)).toHaveProperty('mailIds')
    expect(await one('SELECT uses FROM join_links WHERE id = ?', link.id)).toEqual({ uses: 0 })
    expect(await all('SELECT 1 FROM join_requests')).toEqual([])
    expect(await all("SELECT kind FROM mails WHERE to_key = ? AND kind <> 'join'", ABOUT)).toEqual([{ kind: 'join_declined' }])
    expect(await waiting(ABOUT, undefined, link)).toBeTruthy()
  })

  it('a second time says who answered', async () => {
    const [act, id] = [await actNamed('ada'), await waiting()]
    await decline(act, id)
    expect(await decline(act, id)).toMatchObject({ reason: 'gone', turn: { kind: 'request_declined', actorId: 'ada' } })
  })
})
