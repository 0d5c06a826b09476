import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { cellIn } from '../../../test/cell'
import { type Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { people } from '../../../test/people'
import { setSections } from '../../models/access/permission'
import { createPreset } from '../../models/presets/preset'

const PATH = '/w/acme/access/presets'
let ada: Client
let support: string

beforeEach(async () => {
  ada = await signedIn('ada')
  support = await made('Support team')
})

async function made(name: string) {
  const facts = { name, sections: ['agents', 'logs'], mode: 'list' as const, agents: ['agent-support-triage'], endsAt: null }
  const preset = await createPreset(await actNamed('ada'), facts)
  if ('reason' in preset) throw new Error(preset.reason)
  return preset.id
}

const give = (member: string, preset = support) => ada.post(`/w/acme/access/users/${member}/preset`, { preset })
const FORM = { name: 'Night shift', section: ['', 'traces'], mode: 'all' }

describe('a preset that cannot be saved', () => {
  const REFUSED: [string, Record<string, string | string[]>, string][] = [
    ['without a name', { name: ' ' }, 'Enter a name'],
    ['with the name of another, in other letters', { name: 'SUPPORT  Team' }, 'Another preset has this name.'],
    ['with a day that is none', { until: '2026-02-31' }, 'Enter a day'],
    ['with a day that is over', { until: '2020-01-01' }, 'This day has passed'],
    ['with an agent of another workspace', { mode: 'list', agent: 'agent-route-planner' }, 'An agent you selected was deleted'],
  ]

  it.each(REFUSED)('%s is refused beside its field, and the draft is kept', async (_, fields, words) => {
    const before = await dump()
    const answer = await ada.post(PATH, { ...FORM, ...fields })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain(words)
    expect(html).toContain('value="traces" checked')
    expect(await dump()).toEqual(before)
  })

  it('because there are too many is told so at the top', async () => {
    await run(`INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 199) SELECT 'p' || i, 'acme', 'p' || i, 'p' || i, 'all', 1 FROM n`)
    const answer = await ada.post(PATH, FORM)
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('at most 200 presets')])
  })
})

it('a preset of which one thing is changed, whichever, is saved, and its entry names just that', async () => {
  const edit = async () => formIn(await (await ada.get(`${PATH}/${support}/edit`)).text(), `${PATH}/${support}`)
  await ada.post(`${PATH}/${support}`, { ...(await edit()), section: ['', 'logs'] })
  await ada.post(`${PATH}/${support}`, { ...(await edit()), agent: ['agent-support-triage', 'agent-contract-reader'] })
  const html = await (await ada.get('/w/acme/access/activity?kind=preset_changed')).text()
  for (const words of ['Agents: on → off', 'Selected agents: 1 → 2'])
    expect(html).toContain(`<small>Support team. ${words}</small>`)
})

describe('two admins who change one preset', () => {
  const shown = async () => formIn(await (await ada.get(`${PATH}/${support}/edit`)).text(), `${PATH}/${support}`)

  it('keep what each of them changed', async () => {
    const [mine, theirs] = [await shown(), await shown()]
    await ada.post(`${PATH}/${support}`, { ...theirs, name: 'First line' })
    const answer = await ada.post(`${PATH}/${support}`, { ...mine, section: ['', 'agents', 'logs', 'eval'] })
    expect(answer.status).toBe(303)
    expect(await one('SELECT name, version FROM presets WHERE id = ?', support)).toEqual({ name: 'First line', version: 3 })
    expect(await all("SELECT section FROM preset_sections WHERE preset_id = ? AND access = 'on' ORDER BY 1", support)).toEqual([
      { section: 'agents' },
      { section: 'eval' },
      { section: 'logs' },
    ])
  })

  it('are told when they changed the same, with the draft kept and nothing done', async () => {
    const [mine, theirs] = [await shown(), await shown()]
    await ada.post(`${PATH}/${support}`, { ...theirs, name: 'First line' })
    const before = await dump()
    const answer = await ada.post(`${PATH}/${support}`, { ...mine, name: 'Second line' })
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(html).toContain('Ada Admin changed First line')
    expect(html).toContain('value="Second line"')
    expect(await dump()).toEqual(before)
  })

  it('can create again what the other one deleted', async () => {
    const mine = await shown()
    await ada.post(`${PATH}/${support}/delete`)
    const answer = await ada.post(`${PATH}/${support}`, { ...mine, name: 'Second line' })
    const html = await answer.text()
    expect(answer.status).toBe(409)
    expect(html).toContain('Ada Admin deleted Support team')
    expect(formIn(html, PATH)).toMatchObject({ name: 'Second line' })
  })
})

describe('giving somebody a preset', () => {
  it('takes two round trips, and can be undone where it was done', async () => {
    const client = await signedIn('ada')
    const answer = await client.post('/w/acme/access/users/bob/preset', { preset: support })
    expect([answer.status, client.roundTrips]).toEqual([303, 2])
    const page = await (await client.get(answer.headers.get('Location') ?? '')).text()
    expect(page).toContain('Bob Okafor now has Support team.')
    const [, undo = ''] = page.match(/action="(\/w\/acme\/access\/undo\/[\w-]+)"/) ?? []
    await client.post(undo)
    expect(await one("SELECT preset_id FROM members WHERE id = 'bob'")).toEqual({ preset_id: null })
    expect(await all("SELECT 1 FROM member_sections WHERE member_id = 'bob'")).toEqual([])
  })

  it('is refused for a Tenant Admin, for one that was deleted, and for one whose end date has passed', async () => {
    const gone = await made('Gone')
    await ada.post(`${PATH}/${gone}/delete`)
    const over = await made('Over')
    await run('UPDATE presets SET ends_at = 5 WHERE id = ?', over)
    const before = await dump()
    for (const [member, preset, words] of [
      ['ada', support, 'always'],
      ['bob', gone, 'Ada Admin deleted Gone'],
      ['bob', over, 'The end date of this preset has passed'],
    ] as const) {
      const answer = await give(member, preset)
      expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining(words)])
    }
    expect((await give('bob', 'never-was')).status).toBe(404)
    expect(await dump()).toEqual(before)
  })
})

it('the user table marks who differs, in words too', async () => {
  for (const member of ['bob', 'pia']) await give(member)
  await setSections(await actNamed('ada'), [{ member: 'pia', section: 'eval', access: 'on' }])
  const html = await (await ada.get('/w/acme/access/users')).text()
  const rowOf = (id: string) => html.slice(html.indexOf(`id="member-${id}"`)).split('</tr>')[0] ?? ''
  expect(rowOf('bob')).toContain('Support team')
  expect(rowOf('bob')).not.toContain('Differs')
  expect(rowOf('pia')).toContain('Differs from Support team')
})

it('a cell of the Permission Matrix says where it comes from', async () => {
  await give('bob')
  await setSections(await actNamed('ada'), [{ member: 'pia', section: 'eval', access: 'off' }])
  const html = await (await ada.get('/w/acme/access/permissions')).text()
  expect(cellIn(html, 'bob', 'eval', 'off')).toMatch(/title="Preset Support team, since \d+ \w+"/)
  expect(cellIn(html, 'pia', 'eval', 'off')).toMatch(/title="Set by Ada Admin, \d+ \w+"/)
})

describe('realigning', () => {
  it('asks again when another number differ by then', async () => {
    await give('bob')
    const path = `${PATH}/${support}/realign`
    const before = await dump()
    const answer = await ada.post(path, { version: '1', people: '2' })
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('Another number of people')])
    expect((await ada.post(path, { version: '1' })).status).toBe(400)
    expect((await ada.post(path, { version: '1', people: '1', member: 'bob' })).status).toBe(400)
    expect(await dump()).toEqual(before)
  })

  it('finds those who differ beyond the first thousand, page by page', async () => {
    await people(1100)
    await run("UPDATE members SET preset_id = ?, preset_given_at = 1 WHERE id GLOB 'person-*'", support)
    const [first, last] = await Promise.all(
      ['', '&cursor=person-00999@acme.test'].map(async (cursor) => (await ada.get(`${PATH}/${support}?differ=on${cursor}`)).text()),
    )
    expect(first).toContain('Realign all 1,000')
    expect(last).toContain('Realign all 100')
  })
})

it('a preset that thousands have costs no more to look at than one that a thousand have', async () => {
  const read = async (path: string) => {
    const client = await signedIn('ada')
    expect((await client.get(`${PATH}${path}`)).status).toBe(200)
    return client.bill.read
  }
  const paths = ['', `/${support}`, `/${support}?cursor=person-00500`, `/${support}?differ=on`]
  await hold(0, 1200)
  const few = await Promise.all(paths.map(read))
  await hold(1200, 5000)
  expect(await Promise.all(paths.map(read))).toEqual(few)
})

/** As many more people who have the preset, and differ from it. */
async function hold(from: number, to: number) {
  await people(to - from, from)
  await run("UPDATE members SET preset_id = ?, preset_given_at = 1 WHERE id GLOB 'person-*'", support)
}
