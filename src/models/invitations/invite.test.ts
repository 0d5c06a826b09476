import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, NO_CAPS, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { type Draft, type Invited, invite } from './invite'

let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

type Change = Partial<Omit<Draft, 'address'>> & { by?: MemberAct; caps?: typeof NO_CAPS }
function inviteTo(email: string, { by = ada, caps = NO_CAPS, ...change }: Change = {}) {
  const draft = { role: 'user' as const, note: null, overrides: {}, agentMode: undefined, agentIds: [], ...change }
  return invite(by, { address: typed(email), ...draft }, caps)
}
const reasonOf = (result: Invited) => ('reason' in result ? result.reason : undefined)

const rowsAbout = (key: string) =>
  one<{ members: number; open: number; mails: number; entries: number }>(
    `SELECT (SELECT count(*) FROM members WHERE email_key = ?1) AS members,
      (SELECT count(*) FROM invitations i JOIN members m ON m.id = i.member_id WHERE m.email_key = ?1 AND i.state = 'open') AS open,
      (SELECT count(*) FROM mails WHERE to_key = ?1) AS mails,
      (SELECT count(*) FROM activity a JOIN members m ON m.id = a.member_id WHERE m.email_key = ?1) AS entries`,
    key,
  )

describe('an invitation', () => {
  it('is a pending member, an open link, a queued email and an entry', async () => {
    const { memberId } = await inviteTo('  Nell@ACME.test ', { role: 'admin', note: 'Hello' })

    expect(
      await one('SELECT id, tenant_id, email, email_key, role, status, agent_mode FROM members WHERE id = ?', memberId),
    ).toEqual({
      id: memberId,
      tenant_id: 'acme',
      email: 'Nell@ACME.test',
      email_key: 'nell@acme.test',
      role: 'admin',
      status: 'pending',
      agent_mode: 'all',
    })
    const link = await one('SELECT * FROM invitations WHERE member_id = ?', memberId)
    expect(link).toMatchObject({
      state: 'open',
      kind: 'invite',
      note: 'Hello',
      inviter_id: 'ada',
      inviter_name: 'Ada Admin',
      copied_jti: null,
      expires_at: ada.now + 3 * DAY_MS,
    })
    expect(await one('SELECT * FROM mails WHERE member_id = ?', memberId)).toMatchObject({
      kind: 'invitation',
      state: 'queued',
      to_email: 'Nell@ACME.test',
      invitation_id: link?.id,
    })
    expect(await one('SELECT * FROM activity WHERE member_id = ?', memberId)).toMatchObject({
      kind: 'invited',
      actor_id: 'ada',
      actor_name: 'Ada Admin',
      actor_email: 'ada@acme.test',
      after: '{"role":"admin"}',
    })
  })

  it('lives as long as its workspace says', async () => {
    await run("UPDATE tenants SET invitation_lifetime_ms = 3600000 WHERE id = 'acme'")
    const { memberId } = await inviteTo('nell@acme.test')

    expect(await one('SELECT expires_at FROM invitations WHERE member_id = ?', memberId)).toEqual({
      expires_at: ada.now + 3_600_000,
    })
  })

  it('gives the agent mode that is the default of its workspace', async () => {
    await run("UPDATE tenants SET default_agent_mode = 'list' WHERE id = 'acme'")
    const { memberId } = await inviteTo('nell@acme.test')

    expect(await one('SELECT agent_mode FROM members WHERE id = ?', memberId)).toEqual({ agent_mode: 'list' })
  })

  it.each(['members', 'invitations', 'mails', 'activity'])('that fails at its %s leaves nothing behind', async (table) => {
    await run(`CREATE TRIGGER trouble BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'trouble'); END`)
    const before = await dump()

    await expect(inviteTo('nell@acme.test')).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })

  it('of an address that belongs to another workspace goes out here as well', async () => {
    expect(reasonOf(await inviteTo('cat@globex.test'))).toBeUndefined()
    expect(reasonOf(await inviteTo('bob@acme.test', { by: cat }))).toBeUndefined()
  })
})

/** In the order of the rules: each makes exactly one of them refuse an invitation of nell@acme.test, or of the address that it names. */
const REFUSALS: { reason: string; email?: string; statements?: string[]; change?: Change; memberId?: string; retryIn?: number }[] =
  [
    {
      reason: 'already_ended',
      email: 'bob@acme.test',
      memberId: 'bob',
      statements: ["UPDATE members SET ends_at = :now WHERE id = 'bob'"],
    },
    { reason: 'already_active', email: 'bob@acme.test', memberId: 'bob' },
    { reason: 'already_pending', email: 'PIA@acme.TEST', memberId: 'pia' },
    { reason: 'already_disabled', email: 'dov@acme.test', memberId: 'dov' },
    { reason: 'unknown_agent', change: { agentMode: 'list', agentIds: ['agent-support-triage', 'agent-route-planner'] } },
    { reason: 'domain_not_allowed', statements: ["INSERT OR IGNORE INTO allowed_domains VALUES ('acme', 'globex.test')"] },
    {
      reason: 'cannot_be_mailed',
      statements: ["INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('nell@acme.test', 'acme', 'asked', 1)"],
    },
    {
      reason: 'too_often',
      statements: [1, 2, 3, 4, 5, 6].map(
        (n) => `INSERT INTO mails (id, tenant_id, kind, to_email, to_key, created_at)
        VALUES ('earlier-${n}', 'acme', 'invitation', 'nell@acme.test', 'nell@acme.test', :now - ${n} * 60000)`,
      ),
      retryIn: DAY_MS - 6 * 60_000,
    },
    { reason: 'too_many_pending', change: { caps: { ...NO_CAPS, pending: 1 } } },
    { reason: 'no_seat', statements: ["UPDATE tenants SET seats = 3 WHERE id = 'acme'"] },
    {
      reason: 'too_many_mails',
      change: { caps: { ...NO_CAPS, mailsADay: 1 } },
      statements: ["INSERT OR REPLACE INTO mail_days (tenant_id, sent, resets_at) VALUES ('acme', 1, :now + 4000)"],
      retryIn: 4000,
    },
    {
      reason: 'too_many_mails_in_all',
      change: { caps: { ...NO_CAPS, mailsADayInAll: 7 } },
      statements: ["INSERT OR REPLACE INTO mail_days (tenant_id, sent, resets_at) VALUES ('', 7, :now + 5000)"],
      retryIn: 5000,
    },
  ]

describe('what refuses an invitation is what is told:', () => {
  const arrange = async (statements: string[] = []) => {
    for (const statement of statements) await run(statement.replaceAll(':now', String(ada.now)))
  }

  it.each(REFUSALS)('$reason', async ({ reason, email = 'nell@acme.test', statements, change, memberId = null, retryIn }) => {
    await arrange(statements)
    const before = await dump()

    expect(await inviteTo(email, change)).toEqual({ reason, memberId, retryAt: retryIn === undefined ? null : ada.now + retryIn })
    expect(await dump()).toEqual(before)
    if (email !== 'nell@acme.test') return
    await run('DELETE FROM allowed_domains')
    await run('UPDATE tenants SET seats = NULL')
    await run('DELETE FROM suppressions')
    await run('DELETE FROM mail_days')
    await run("DELETE FROM mails WHERE id LIKE 'earlier-%'")
    expect(await inviteTo(email), 'and without it nothing does').toHaveProperty('mailId')
  })

  it('of several the first of the list', async () => {
    const inOrder = REFUSALS.filter(({ email }) => !email)
    for (const [i, first] of inOrder.entries()) {
      const change = Object.assign({}, ...inOrder.slice(i).map((each) => each.change ?? {}))
      const caps = Object.assign({}, NO_CAPS, ...inOrder.slice(i).map((each) => each.change?.caps && only(each.change.caps)))
      await run('DELETE FROM allowed_domains')
      await run('UPDATE tenants SET seats = NULL')
      await run('DELETE FROM suppressions')
      await run('DELETE FROM mail_days')
      await run("DELETE FROM mails WHERE id LIKE 'earlier-%'")
      for (const { statements } of inOrder.slice(i)) await arrange(statements)

      expect(reasonOf(await inviteTo('nell@acme.test', { ...change, caps }))).toBe(first.reason)
    }
  })

  const only = (caps: typeof NO_CAPS) => Object.fromEntries(Object.entries(caps).filter(([, cap]) => cap < 10_000))
})

describe('twenty invitations of one address at once', () => {
  const SPELLINGS = [
    (n: number) => `zoé${n}@acme.test`,
    (n: number) => `ZOÉ${n}@ACME.TEST`,
    (n: number) => `Zoe\u0301${n}@Acme.Test`,
    (n: number) => `  zOE\u0301${n}@acme.test\t`,
    (n: number) => `\u00a0zoé${n}@ＡＣＭＥ.test`,
  ]

  it('in every spelling, by two admins, yield one member, one link, one email and one entry', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const bob = await actNamed('bob')
    await tryOften(async (n) => {
      const made = await together((i) => inviteTo(SPELLINGS[i % SPELLINGS.length]?.(n) ?? '', { by: i % 3 ? ada : bob }))

      expect(made.map(reasonOf).filter((reason) => reason !== 'already_pending')).toEqual([undefined])
      expect(new Set(made.map(({ memberId }) => memberId)).size, 'all are told of the same member').toBe(1)
      expect(await rowsAbout(`zoé${n}@acme.test`)).toEqual({ members: 1, open: 1, mails: 1, entries: 1 })
    }, 20)
  })

  it('in two workspaces yield one in each', async () => {
    await tryOften(async (n) => {
      const made = await together((i) => inviteTo(`nell${n}@acme.test`, { by: i % 2 ? ada : cat }))

      expect(made.filter((one) => !reasonOf(one))).toHaveLength(2)
      expect(await rowsAbout(`nell${n}@acme.test`)).toEqual({ members: 2, open: 2, mails: 2, entries: 2 })
    }, 5)
  })
})

it('the agents of a list are the ones that were ticked', async () => {
  const { memberId } = await inviteTo('nell@acme.test', {
    agentMode: 'list',
    agentIds: ['agent-support-triage', 'agent-support-triage'],
  })

  expect(await all('SELECT agent_id FROM member_agents WHERE member_id = ?', memberId)).toEqual([
    { agent_id: 'agent-support-triage' },
  ])
})
