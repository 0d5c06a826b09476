import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, somebody } from '../../../test/cast'
import { all, facts, one, run } from '../../../test/database'
import { joinLink, proofFor, proofsFor } from '../../../test/join-links'
import { AT_ONCE, together, tryOften } from '../../../test/race'
import { startOver } from '../../../test/world'
import { HOUR_MS, JOIN_PROOF_MS } from '../../limits'
import { KEEP_ALL } from '../identity/take-over'
import { remove } from '../members/membership'
import { proofOf, toProof } from './join-proof'
import { askToJoin, join } from './joining'
import { turnOff } from './make'

beforeEach(startOver)

const HASH = '$scrypt$ln=15,r=8,p=3$c2FsdA$aGFzaA'
const MAKER = { makerId: 'ada', makerName: 'Ada Admin' }
const newcomer = (email: string, name: string | null = 'Nora New') => ({ ...MAKER, email, name, passwordHash: HASH })
const member = (userId: string, email: string, name: string | null = null) => ({ ...MAKER, email, name, userId })
const stateOf = async (jti: string, now = Date.now()) => {
  const [row] = await proofOf(somebody().db, jti, now)
  return row && toProof(row, now).state
}
const usesOf = async ({ id }: { id: string }) => (await one<{ uses: number }>('SELECT uses FROM join_links WHERE id = ?', id))?.uses

describe('joining', () => {
  it('makes an active Tenant User with the access of the link, a proven account and one entry', async () => {
    const link = await joinLink({ overrides: { traces: 'off' }, agentMode: 'list', agentIds: ['agent-support-triage'] })
    expect(await join(somebody(), await proofFor(link, 'Nora@acme.test'), newcomer('Nora@acme.test'))).toBe(true)

    const member = await one<{ id: string; user_id: string }>("SELECT * FROM members WHERE email_key = 'nora@acme.test'")
    expect(member).toMatchObject({
      role: 'user',
      status: 'active',
      agent_mode: 'list',
      join_link_id: link.id,
      email: 'Nora@acme.test',
    })
    expect(await one('SELECT proved_at > 0 AS proven, name FROM users WHERE id = ?', member?.user_id)).toEqual({
      proven: 1,
      name: 'Nora New',
    })
    expect(await all('SELECT section, access FROM member_sections WHERE member_id = ?', member?.id)).toEqual([
      { section: 'traces', access: 'off' },
    ])
    expect(await all('SELECT agent_id FROM member_agents WHERE member_id = ?', member?.id)).toEqual([
      { agent_id: 'agent-support-triage' },
    ])
    expect(await all('SELECT kind, actor_id FROM activity WHERE member_id = ?', member?.id)).toEqual([
      { kind: 'joined', actor_id: null },
    ])
    expect(await all('SELECT kind, member_id FROM join_notices')).toEqual([{ kind: 'joined', member_id: 'ada' }])
    expect(await usesOf(link)).toBe(1)
  })

  it('of an account that is proven changes neither its name nor its password', async () => {
    const link = await joinLink()
    const before = await all("SELECT * FROM credentials WHERE user_id = 'user-cat'")
    expect(
      await join(somebody(), await proofFor(link, 'cat@globex.test'), member('user-cat', 'cat@globex.test', 'Cat Lindqvist')),
    ).toBe(true)
    expect(await all("SELECT * FROM credentials WHERE user_id = 'user-cat'")).toEqual(before)
    expect(await one("SELECT status, user_id FROM members WHERE tenant_id = 'acme' AND email_key = 'cat@globex.test'")).toEqual({
      status: 'active',
      user_id: 'user-cat',
    })
  })

  it('takes an account over that nobody had proven, and lets nobody in who only signed in to it', async () => {
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-cat'")
    const jti = await proofFor(await joinLink(), 'cat@globex.test')
    const before = await facts()
    expect(await join(somebody(), jti, member('user-cat', 'cat@globex.test'))).toBe(false)
    expect(await join(somebody(), jti, newcomer('cat@globex.test'))).toBe(false)
    expect(await facts()).toEqual(before)

    const owner = { ...member('user-cat', 'cat@globex.test', 'Cat'), passwordHash: HASH, ...KEEP_ALL }
    expect(await join(somebody(), jti, owner)).toBe(true)
    expect(await one("SELECT proved_at > 0 AS proven, name, last_tenant_id FROM users WHERE id = 'user-cat'")).toEqual({
      proven: 1,
      name: 'Cat',
      last_tenant_id: 'acme',
    })
    expect(await all("SELECT secret FROM credentials WHERE user_id = 'user-cat'")).toEqual([{ secret: HASH }])
    expect(await all("SELECT id FROM sessions WHERE user_id = 'user-cat'")).toEqual([])
  })

  it('takes no account over that is proven', async () => {
    const jti = await proofFor(await joinLink(), 'cat@globex.test')
    const before = await facts()

    expect(await join(somebody(), jti, { ...member('user-cat', 'cat@globex.test'), passwordHash: HASH, ...KEEP_ALL })).toBe(false)
    expect(await facts()).toEqual(before)
  })

  it('that asks first proves nothing of an account, and is no use of one that is unproven', async () => {
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-cat'")
    const jti = await proofFor(await joinLink({ approval: true }), 'cat@globex.test')
    const asker = { email: 'cat@globex.test', name: 'Cat' }

    expect(await askToJoin(somebody(), jti, { ...asker, userId: 'user-cat' })).toBe(false)
    expect(await askToJoin(somebody(), jti, { ...asker, userId: undefined })).toBe(true)
    expect(await one("SELECT proved_at FROM users WHERE id = 'user-cat'")).toEqual({ proved_at: null })
  })

  it('by the preset of a link gives what the preset says, and remembers it', async () => {
    await run(
      "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('support', 'acme', 'Support', ' support', 'list', 1)",
    )
    await run("INSERT INTO preset_sections (tenant_id, preset_id, section, access) VALUES ('acme', 'support', 'logs', 'off')")
    await run("INSERT INTO preset_agents (tenant_id, preset_id, agent_id) VALUES ('acme', 'support', 'agent-support-triage')")
    const link = await joinLink({ presetId: 'support' })
    expect(await join(somebody(), await proofFor(link, 'nora@acme.test'), newcomer('nora@acme.test'))).toBe(true)
    const nora = await one<{ id: string }>(
      "SELECT id, preset_id, agent_mode, agents_by_id FROM members WHERE email_key = 'nora@acme.test'",
    )
    expect(nora).toMatchObject({ preset_id: 'support', agent_mode: 'list', agents_by_id: 'ada' })
    expect(await all('SELECT section, access, by_id FROM member_sections WHERE member_id = ?', nora?.id)).toEqual([
      { section: 'logs', access: 'off', by_id: 'ada' },
    ])
    expect(await all('SELECT agent_id FROM member_agents WHERE member_id = ?', nora?.id)).toEqual([
      { agent_id: 'agent-support-triage' },
    ])
  })

  it('counts no more uses than the link has, however many join at its last one', async () => {
    const act = await actNamed('ada')
    await tryOften(async (i) => {
      const link = await joinLink({ uses: 1 }, act)
      const emails = Array.from({ length: AT_ONCE }, (_, n) => `new-${i}-${n}@acme.test`)
      const jtis = await proofsFor(link, emails)
      const won = await together((n) => join(somebody(), jtis[n] ?? '', newcomer(emails[n] ?? '')))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await all('SELECT 1 FROM members WHERE join_link_id = ?', link.id)).toHaveLength(1)
      expect(await usesOf(link)).toBe(1)
    })
    expect(await one("SELECT count(*) AS n FROM users WHERE email LIKE 'new-%'")).toEqual({ n: 50 })
  })

  it('with one emailed link makes one member, however often it is sent at once', async () => {
    const act = await actNamed('ada')
    await tryOften(async (i) => {
      const link = await joinLink({}, act)
      const email = `once-${i}@acme.test`
      const jti = await proofFor(link, email)
      const won = await together(() => join(somebody(), jti, newcomer(email)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await usesOf(link)).toBe(1)
    })
  })

  it('takes no more seats than there are, however many join at once', async () => {
    const act = await actNamed('ada')
    const taken = await one<{ n: number }>(
      "SELECT count(*) AS n FROM members WHERE tenant_id = 'acme' AND status IN ('active', 'pending')",
    )
    await tryOften(async (i) => {
      await run("UPDATE tenants SET seats = ? WHERE id = 'acme'", (taken?.n ?? 0) + i + 1)
      const link = await joinLink({ uses: 50 }, act)
      const emails = Array.from({ length: AT_ONCE }, (_, n) => `seat-${i}-${n}@acme.test`)
      const jtis = await proofsFor(link, emails)
      const won = await together((n) => join(somebody(), jtis[n] ?? '', newcomer(emails[n] ?? '')))
      expect(won.filter(Boolean)).toHaveLength(1)
    })
  })

  it('loses nothing against turning off at once: either somebody is in, or nobody is', async () => {
    const act = await actNamed('ada')
    await tryOften(async (i) => {
      const link = await joinLink({}, act)
      const email = `off-${i}@acme.test`
      const jti = await proofFor(link, email)
      const [won] = await Promise.all([join(somebody(), jti, newcomer(email)), turnOff(act, link.id)])
      expect(await usesOf(link)).toBe(won ? 1 : 0)
    })
  })
})

describe('an emailed link is refused, and nothing is changed,', () => {
  type Case = [state: string, change: (link: { id: string }, jti: string) => Promise<unknown>, email?: string]
  const CASES: Case[] = [
    ['turned_off', async ({ id }) => turnOff(await actNamed('ada'), id)],
    ['link_expired', ({ id }) => run('UPDATE join_links SET created_at = 1, expires_at = 2 WHERE id = ?', id)],
    ['expired', (_, jti) => run('UPDATE join_proofs SET created_at = 1, expires_at = 2 WHERE jti = ?', jti)],
    ['no_seat', () => run("UPDATE tenants SET seats = 1 WHERE id = 'acme'")],
    ['domain_not_allowed', () => run("INSERT INTO allowed_domains (tenant_id, domain) VALUES ('acme', 'acme.example')")],
    ['preset_gone', ({ id }) => run("UPDATE join_links SET preset_id = 'nobody' WHERE id = ?", id)],
    ['full', ({ id }) => run('UPDATE join_links SET uses = most_uses WHERE id = ?', id)],
    ['wrong_domain', ({ id }) => run(`UPDATE join_links SET domains = '["acme.example"]' WHERE id = ?`, id)],
    ['used', (_, jti) => run("UPDATE join_proofs SET state = 'used' WHERE jti = ?", jti)],
    ['already_active', async () => {}, 'bob@acme.test'],
    ['already_disabled', async () => {}, 'dov@acme.test'],
    ['already_pending', async () => {}, 'pia@acme.test'],
    ['already_disabled', () => run("UPDATE members SET ends_at = 2 WHERE id = 'bob'"), 'bob@acme.test'],
  ]

  it.each(CASES)('where it is %s', async (state, change, email = 'nora@acme.test') => {
    const link = await joinLink()
    const jti = await proofFor(link, email)
    await change(link, jti)
    const before = await facts()
    expect(await stateOf(jti)).toBe(state)
    expect(await join(somebody(), jti, newcomer(email))).toBe(false)
    expect(await askToJoin(somebody(), jti, { email, name: 'Nora', userId: undefined })).toBe(false)
    expect(await facts()).toEqual(before)
  })

  it('an hour after it was asked for', async () => {
    const [link, now] = [await joinLink(), Date.now()]
    const jti = await proofFor(link, 'nora@acme.test', somebody(now))
    expect(JOIN_PROOF_MS).toBe(HOUR_MS)
    expect(await stateOf(jti, now + HOUR_MS - 1)).toBe('open')
    expect(await join(somebody(now + HOUR_MS), jti, newcomer('nora@acme.test'))).toBe(false)
  })

  it('where the workspace is suspended, of which it says nothing', async () => {
    const jti = await proofFor(await joinLink(), 'nora@acme.test')
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
    expect(await stateOf(jti)).toBeUndefined()
    expect(await join(somebody(), jti, newcomer('nora@acme.test'))).toBe(false)
  })

  it('where the address gained or lost its account meanwhile', async () => {
    const link = await joinLink()
    expect(await join(somebody(), await proofFor(link, 'cat@globex.test'), newcomer('cat@globex.test'))).toBe(false)
    const jti = await proofFor(link, 'nora@acme.test')
    expect(await join(somebody(), jti, member('user-cat', 'nora@acme.test'))).toBe(false)
  })
})

describe('approval is needed', () => {
  it('and whoever asks for it takes no seat', async () => {
    const link = await joinLink({ approval: true })
    const jti = await proofFor(link, 'nora@acme.test')
    await run("UPDATE tenants SET seats = 1 WHERE id = 'acme'")
    expect(await askToJoin(somebody(), jti, { email: 'nora@acme.test', name: 'Nora', userId: undefined })).toBe(true)
  })

  it('where the link asks for it: nobody joins, and the request is the only trace', async () => {
    const link = await joinLink({ approval: true })
    const jti = await proofFor(link, 'nora@acme.test')
    expect(await join(somebody(), jti, newcomer('nora@acme.test'))).toBe(false)
    expect(await askToJoin(somebody(), jti, { email: 'nora@acme.test', name: 'Nora', userId: undefined })).toBe(true)

    expect(await all("SELECT 1 FROM members WHERE email_key = 'nora@acme.test'")).toEqual([])
    expect(await all('SELECT email_key, name FROM join_requests')).toEqual([{ email_key: 'nora@acme.test', name: 'Nora' }])
    expect(await all("SELECT kind FROM activity WHERE member_email = 'nora@acme.test'")).toEqual([{ kind: 'asked_to_join' }])
    expect(await all('SELECT kind FROM join_notices')).toEqual([{ kind: 'asked' }])
    expect([await usesOf(link), await stateOf(jti)]).toEqual([1, 'already_waiting'])
  })

  it('for an address that was deleted here since the link was made, and not for one that was deleted before', async () => {
    const ada = await actNamed('ada')
    await run("UPDATE members SET created_at = 1 WHERE id = 'bob'")
    await remove(ada, { id: 'dov' })
    await run('UPDATE removed_addresses SET at = at - 10000')
    const link = await joinLink()
    await remove(ada, { id: 'bob' })
    const [bob, dov] = [await proofFor(link, 'bob@acme.test'), await proofFor(link, 'dov@acme.test')]
    const joiner = (who: string) => member(`user-${who}`, `${who}@acme.test`)
    expect(await join(somebody(), bob, joiner('bob'))).toBe(false)
    expect(await askToJoin(somebody(), bob, joiner('bob'))).toBe(true)
    expect(await join(somebody(), dov, joiner('dov'))).toBe(true)
  })

  it('and not for somebody whose invitation was cancelled', async () => {
    const ada = await actNamed('ada')
    const link = await joinLink()
    const { memberId, email } = await invitee(ada)
    await run("UPDATE invitations SET state = 'cancelled', closed_at = 1, write_nonce = 'x' WHERE member_id = ?", memberId)
    await run('DELETE FROM members WHERE id = ?', memberId)
    expect(await join(somebody(), await proofFor(link, email), newcomer(email))).toBe(true)
  })

  it('requests take the uses of a link, and never more than there are', async () => {
    const act = await actNamed('ada')
    await tryOften(async (i) => {
      const link = await joinLink({ uses: 1, approval: true }, act)
      const emails = Array.from({ length: AT_ONCE }, (_, n) => `ask-${i}-${n}@acme.test`)
      const jtis = await proofsFor(link, emails)
      const won = await together((n) =>
        askToJoin(somebody(), jtis[n] ?? '', { email: emails[n] ?? '', name: null, userId: undefined }),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await usesOf(link)).toBe(1)
    })
  })
})
