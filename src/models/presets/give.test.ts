import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { metered, people } from '../../../test/people'
import { membersWhere } from '../../db/from'
import { setAgents } from '../access/agent-access'
import { setSections } from '../access/permission'
import type { MemberAct } from '../core/act'
import { undo, undoOf } from '../undo/undo'
import { givePreset } from './give'
import { realign, setPreset } from './member-preset'
import { changePreset, createPreset, deletePreset, presetOf } from './preset'

let ada: MemberAct
let support: string

const FACTS = {
  name: 'Support team',
  sections: ['agents', 'logs'],
  mode: 'list',
  agents: ['agent-support-triage'],
  endsAt: null,
} as const

beforeEach(async () => {
  ada = await actNamed('ada')
  support = await made()
})

async function made(facts: Partial<Parameters<typeof createPreset>[1]> = {}) {
  const result = await createPreset(ada, { ...FACTS, sections: [...FACTS.sections], agents: [...FACTS.agents], ...facts })
  if ('reason' in result) throw new Error(result.reason)
  return result.id
}

async function press(id: string | undefined, now = Date.now() + 1000) {
  const [found] = await undoOf({ ...ada, secretHash: '' }, id ?? '')
  if (!found) throw new Error('no such undo')
  return undo({ ...ada, now }, found)
}

const undoIn = (given: object) => ('undo' in given ? (given.undo as string | undefined) : undefined)

const sectionsOf = async (member: string) =>
  Object.fromEntries(
    (await all<{ section: string; access: string }>('SELECT section, access FROM member_sections WHERE member_id = ?', member)).map(
      ({ section, access }) => [section, access],
    ),
  )
const ON_AND_OFF = { agents: 'on', logs: 'on', traces: 'off', eval: 'off', session: 'off', prompts: 'off', 'mcp-debug': 'off' }
const agentsOf = async (member: string) => ({
  ...(await one<object>('SELECT agent_mode AS mode FROM members WHERE id = ?', member)),
  agents: (await all<{ id: string }>('SELECT agent_id AS id FROM member_agents WHERE member_id = ? ORDER BY 1', member)).map(
    ({ id }) => id,
  ),
})
const held = (member: string) => one('SELECT preset_id AS preset, preset_given_at AS since FROM members WHERE id = ?', member)
const facts = async () => {
  const { undos: _, undo_values: __, activity: ___, ...others } = await dump()
  return others
}

describe('giving a preset', () => {
  it('writes its settings as the person’s own, says who did, and remembers which and when', async () => {
    await setSections(ada, [{ member: 'bob', section: 'traces', access: 'on' }])
    await setAgents(ada, { member: 'bob', mode: 'list', agents: ['agent-release-notes'] })
    expect(await setPreset(ada, { id: 'bob' }, support)).toMatchObject({
      name: 'Bob Okafor',
      preset: 'Support team',
      undo: expect.any(String),
    })

    expect(await sectionsOf('bob')).toEqual(ON_AND_OFF)
    expect(await agentsOf('bob')).toEqual({ mode: 'list', agents: ['agent-support-triage'] })
    expect(await held('bob')).toEqual({ preset: support, since: ada.now })
    expect(await all('SELECT DISTINCT by_id, at FROM member_sections WHERE member_id = ?', 'bob')).toEqual([
      { by_id: 'ada', at: ada.now },
    ])
    expect(await one('SELECT agents_by_id, agents_at FROM members WHERE id = ?', 'bob')).toEqual({
      agents_by_id: 'ada',
      agents_at: ada.now,
    })
    expect(await one("SELECT member_id, before, after FROM activity WHERE kind = 'preset_given'")).toEqual({
      member_id: 'bob',
      before: null,
      after: '{"preset":"Support team"}',
    })
  })

  it('keeps the list of somebody who gets all agents', async () => {
    await setAgents(ada, { member: 'bob', mode: 'list', agents: ['agent-release-notes'] })
    await setPreset(ada, { id: 'bob' }, await made({ name: 'Everything', mode: 'all', agents: [] }))
    expect(await agentsOf('bob')).toEqual({ mode: 'all', agents: ['agent-release-notes'] })
  })

  it('leaves a Tenant Admin, somebody unknown and whoever is of another workspace, and changes nothing', async () => {
    const cat = await actNamed('cat')
    const before = await dump()
    expect(await setPreset(ada, { id: 'ada' }, support)).toEqual({ reason: 'is_admin' })
    expect(await setPreset(ada, { id: 'cat' }, support)).toEqual({ reason: 'unknown' })
    expect(await setPreset(ada, { id: 'bob' }, 'nothing')).toEqual({ reason: 'no_preset' })
    expect(await setPreset(cat, { id: 'cat' }, support)).toEqual({ reason: 'is_admin' })
    expect(await dump()).toEqual(before)
  })

  it('of another workspace gives nothing', async () => {
    const cat = await actNamed('cat')
    await run(
      "INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at) VALUES ('gus', 'globex', 'gus@globex.test', 'gus@globex.test', 'user', 'pending', 'all', 1)",
    )
    expect(await setPreset(cat, { id: 'gus' }, support)).toEqual({ reason: 'no_preset' })
    expect(await held('gus')).toEqual({ preset: null, since: null })
  })

  it('whose end date has passed is refused', async () => {
    await run('UPDATE presets SET ends_at = ? WHERE id = ?', ada.now, support)
    expect(await setPreset(ada, { id: 'bob' }, support)).toEqual({ reason: 'preset_over' })
    expect(await held('bob')).toEqual({ preset: null, since: null })
  })

  it('that they have and do not differ from changes nothing and leaves nothing to undo', async () => {
    await setPreset(ada, { id: 'bob' }, support)
    const before = await dump()
    expect(await setPreset({ ...ada, now: ada.now + 5 }, { id: 'bob' }, support)).toMatchObject({
      preset: 'Support team',
      undo: undefined,
    })
    expect(await dump()).toEqual(before)
  })

  it('costs the same statements for a thousand people, who may get different ones', async () => {
    const other = await made({ name: 'Other', sections: ['traces'] })
    await people(1000)
    const whom = membersWhere(sql`m.tenant_id = 'acme' AND m.id GLOB 'person-*'`)
    await ada.db.batch([...givePreset(ada, sql`iif(m.id < 'person-00500', ${support}, ${other})`, whom)])
    expect(
      await all(
        'SELECT preset_id, count(*) AS n FROM members WHERE preset_id IS NOT NULL GROUP BY 1 ORDER BY preset_id = ?',
        other,
      ),
    ).toEqual([
      { preset_id: support, n: 500 },
      { preset_id: other, n: 500 },
    ])
    expect(await sectionsOf('person-00999')).toMatchObject({ traces: 'on', logs: 'off' })
  })
})

describe('a preset with an end date', () => {
  const END = Date.UTC(2099, 0, 1)
  const ends = (member: string) => one('SELECT ends_at, end_warn_at FROM members WHERE id = ?', member)

  it('sets it, warns a week before, and lets an invitation expire with it', async () => {
    const soon = ada.now + 3_600_000
    await setPreset(ada, { id: 'bob' }, await made({ name: 'Long', endsAt: END }))
    await setPreset(ada, { id: 'pia' }, await made({ name: 'Short', endsAt: soon }))
    expect(await ends('bob')).toEqual({ ends_at: END, end_warn_at: END - 7 * 86_400_000 })
    expect(await one("SELECT expires_at, expiry_notice_at FROM invitations WHERE member_id = 'pia'")).toMatchObject({
      expires_at: soon,
    })
  })

  it('goes back to what it was, and somebody who has ended since stays out', async () => {
    const [long, short] = [await made({ name: 'Long', endsAt: END }), await made({ name: 'Short', endsAt: ada.now + 1000 })]
    const before = await facts()
    await press(undoIn(await setPreset(ada, { id: 'bob' }, long)))
    expect(await facts()).toEqual(before)
    const given = await setPreset(ada, { id: 'bob' }, short)
    expect(await press(undoIn(given), ada.now + 2000)).toMatchObject({ left: 1 })
    expect(await ends('bob')).toMatchObject({ ends_at: ada.now + 1000 })
  })

  it('lets nobody in again who has ended, and leaves what they have of an end where it has none', async () => {
    const long = await made({ name: 'Long', endsAt: END })
    await run("UPDATE members SET ends_at = 5 WHERE id = 'bob'")
    await run("UPDATE members SET ends_at = ? WHERE id = 'pia'", END + 1)
    await setPreset(ada, { id: 'bob' }, long)
    await setPreset(ada, { id: 'pia' }, support)
    expect([await ends('bob'), await ends('pia')]).toMatchObject([{ ends_at: 5 }, { ends_at: END + 1 }])
    expect(await held('bob')).toMatchObject({ preset: long })
  })

  it('differs from it by another one', async () => {
    const long = await made({ name: 'Long', endsAt: END })
    await setPreset(ada, { id: 'bob' }, long)
    expect(await realign(ada, { preset: long, version: 1, cursor: '', people: 0 })).toMatchObject({ people: 0 })
    await run("UPDATE members SET ends_at = NULL WHERE id = 'bob'")
    expect(await realign({ ...ada, now: ada.now + 5 }, { preset: long, version: 1, cursor: '', people: 1 })).toMatchObject({
      people: 1,
    })
    expect(await ends('bob')).toMatchObject({ ends_at: END })
  })
})

describe('the undo of a preset', () => {
  it('gives back everything as it was, with who had set it', async () => {
    await setSections({ ...ada, now: ada.now - 5000 }, [{ member: 'bob', section: 'traces', access: 'on' }])
    await setAgents({ ...ada, now: ada.now - 4000 }, { member: 'bob', mode: 'list', agents: ['agent-release-notes'] })
    const before = await facts()
    const given = await setPreset(ada, { id: 'bob' }, support)
    expect(await press(undoIn(given))).toMatchObject({ members: 1, left: 0, people: [{ name: 'Bob Okafor' }] })
    expect(await facts()).toEqual(before)
    expect(await one("SELECT before, after FROM activity WHERE kind = 'preset_removed'")).toEqual({
      before: '{"preset":"Support team"}',
      after: null,
    })
  })

  it('goes back to the preset before, and since when they had it', async () => {
    const other = await made({ name: 'Other' })
    await setPreset({ ...ada, now: ada.now - 5000 }, { id: 'bob' }, other)
    const before = await facts()
    await press(undoIn(await setPreset(ada, { id: 'bob' }, support)))
    expect(await facts()).toEqual(before)
  })

  it('leaves a section and agents that were set since, and says who did', async () => {
    const given = await setPreset(ada, { id: 'bob' }, support)
    await setSections({ ...ada, now: ada.now + 10 }, [{ member: 'bob', section: 'eval', access: 'on' }])
    await setAgents({ ...ada, now: ada.now + 20 }, { member: 'bob', mode: 'all', agents: [] })
    expect(await press(undoIn(given))).toMatchObject({ left: 2, since: { actorId: 'ada' } })
    expect(await sectionsOf('bob')).toEqual({ eval: 'on' })
    expect(await agentsOf('bob')).toMatchObject({ mode: 'all' })
  })

  it('leaves everything of somebody who has another preset by now, or none', async () => {
    const given = await setPreset(ada, { id: 'bob' }, support)
    await setPreset({ ...ada, now: ada.now + 10 }, { id: 'bob' }, undefined)
    const before = await facts()
    expect(await press(undoIn(given))).toMatchObject({ restored: 0, left: 9 })
    expect(await facts()).toEqual(before)
  })

  it('of forgetting remembers it again', async () => {
    await setPreset(ada, { id: 'bob' }, support)
    const before = await facts()
    const gone = await setPreset({ ...ada, now: ada.now + 10 }, { id: 'bob' }, undefined)
    expect(await held('bob')).toEqual({ preset: null, since: null })
    expect(await sectionsOf('bob')).toEqual(ON_AND_OFF)
    await press(undoIn(gone))
    expect(await facts()).toEqual(before)
  })

  it('does not bring back a preset or an agent that was deleted', async () => {
    const other = await made({ name: 'Other', agents: ['agent-release-notes'] })
    await setPreset({ ...ada, now: ada.now - 5000 }, { id: 'bob' }, other)
    const given = await setPreset(ada, { id: 'bob' }, support)
    await deletePreset(ada, other)
    await run("DELETE FROM agents WHERE id = 'agent-release-notes'")
    await press(undoIn(given))
    expect(await held('bob')).toEqual({ preset: null, since: null })
    expect(await agentsOf('bob')).toEqual({ mode: 'list', agents: [] })
  })
})

describe('realigning', () => {
  const preset = async () => {
    const [found] = await presetOf(ada, support)
    if (!found) throw new Error('no preset')
    return found
  }

  it('gives it again to those who differ, whoever changed, in one batch with one undo', async () => {
    for (const member of ['bob', 'pia', 'dov']) await setPreset(ada, { id: member }, support)
    const later = { ...ada, now: ada.now + 10 }
    await setSections(later, [{ member: 'bob', section: 'eval', access: 'on' }])
    await setAgents(later, { member: 'pia', mode: 'all', agents: [] })
    const before = await facts()
    const act = { ...ada, now: ada.now + 20 }

    const done = await realign(act, { preset: support, version: 1, cursor: '', people: 2 })
    expect(done).toMatchObject({ preset: 'Support team', people: 2 })
    expect(await sectionsOf('bob')).toEqual(ON_AND_OFF)
    expect(await agentsOf('pia')).toEqual({ mode: 'list', agents: ['agent-support-triage'] })
    expect(await held('dov')).toEqual({ preset: support, since: ada.now })

    expect(await press(undoIn(done))).toMatchObject({ members: 2, left: 0 })
    expect(await facts()).toEqual(before)
  })

  it('is not done for another number, nor for another version of the preset', async () => {
    await setPreset(ada, { id: 'bob' }, support)
    const { version: _, ...current } = await preset()
    await changePreset(ada, await preset(), { ...current, sections: ['traces'] })
    const before = await dump()
    expect(await realign(ada, { preset: support, version: 1, cursor: '', people: 1 })).toEqual({ reason: 'stale' })
    expect(await realign(ada, { preset: support, version: 2, cursor: '', people: 2 })).toEqual({ reason: 'others' })
    expect(await realign(ada, { preset: 'none', version: 2, cursor: '', people: 1 })).toEqual({ reason: 'no_preset' })
    expect(await dump()).toEqual(before)
    expect(await realign(ada, { preset: support, version: 2, cursor: '', people: 1 })).toMatchObject({ people: 1 })
    expect(await sectionsOf('bob')).toMatchObject({ traces: 'on', logs: 'off' })
  })

  it('can be for some of them alone, and for nobody who does not have it', async () => {
    for (const member of ['bob', 'pia']) await setPreset(ada, { id: member }, support)
    const later = { ...ada, now: ada.now + 10 }
    await setSections(
      later,
      ['bob', 'pia', 'dov'].map((member) => ({ member, section: 'eval', access: 'on' }) as const),
    )
    expect(await realign(later, { preset: support, version: 1, members: ['bob', 'dov', 'cat'] })).toMatchObject({ people: 1 })
    expect([(await sectionsOf('bob')).eval, (await sectionsOf('pia')).eval, (await sectionsOf('dov')).eval]).toEqual([
      'off',
      'on',
      'on',
    ])
  })

  it('takes a thousand at a time, and reads no more for those beyond', async () => {
    const ids = await people(1500)
    await ada.db.batch([...givePreset(ada, support, membersWhere(sql`m.tenant_id = 'acme' AND m.id GLOB 'person-*'`))])
    await run("UPDATE member_sections SET access = 'on' WHERE section = 'eval'")
    const { db, bill } = metered()
    const act = { ...ada, db, now: ada.now + 10 }
    const done = await realign(act, { preset: support, version: 1, cursor: '', people: 1000 })
    expect(done).toMatchObject({ people: 1000 })
    expect([(await sectionsOf(ids[999] ?? '')).eval, (await sectionsOf(ids[1000] ?? '')).eval]).toEqual(['off', 'on'])
    expect(bill.read).toBeLessThan(250_000)
    expect(
      await realign({ ...act, db: ada.db }, { preset: support, version: 1, cursor: `${ids[999]}@acme.test`, people: 500 }),
    ).toMatchObject({ people: 500 })
  })
})
