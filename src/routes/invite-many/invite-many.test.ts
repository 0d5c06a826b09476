import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { dump, one, run } from '../../../test/database'

const PATH = '/w/acme/access/invitations/many'

let ada: Client
beforeEach(async () => {
  ada = await signedIn('ada')
})

const filed = (csv: string, fields: Record<string, string> = {}) => {
  const form = new FormData()
  for (const [name, value] of Object.entries({ role: 'user', ...fields })) form.set(name, value)
  form.set('file', new File([csv], 'people.csv', { type: 'text/csv' }))
  return ada.send('POST', PATH, form)
}

/** The path of a list that is to be reviewed. */
const listOf = async (csv: string) => (await filed(csv)).headers.get('Location') ?? ''

describe('a list that is refused', () => {
  it.each([
    ['its note', { note: 'x'.repeat(501) }, 'A note can have at most 500 characters.'],
    ['its last day', { until: '2020-01-01' }, 'id="until-error"'],
    ['its preset', { preset: 'nobody' }, 'The preset you selected was deleted.'],
  ])('for %s keeps what was in its file, which is read again', async (_, fields, words) => {
    const before = await dump()
    const refused = await filed('email,role\nzoe@corp.test,admin', { list: 'sam@corp.test', ...fields })
    expect(refused.status).toBe(422)
    const html = await refused.text()
    expect(html).toContain(words)
    expect(html).toMatch(/<textarea[^>]* name="filed"[^>]*>email,role\nzoe@corp.test,admin<\/textarea>/)
    expect(await dump()).toEqual(before)

    await ada.post(PATH, { role: 'user', list: 'sam@corp.test', filed: 'email,role\nzoe@corp.test,admin' })
    expect(await one('SELECT group_concat(cells) AS cells FROM invite_rows')).toEqual({
      cells: '{"email":"sam@corp.test"},{"email":"zoe@corp.test","role":"admin"}',
    })
  })

  it('says at which line of which text a quotation mark stays open', async () => {
    const html = await (await filed('email,name\nzoe@corp.test,"Zoe\nsam@corp.test,Sam', { list: 'kim@corp.test' })).text()
    expect(html).toMatch(/id="filed-error">.*The quotation mark in line 2 is never closed/)
  })
})

describe('the preview shows what each person will see:', () => {
  const seenWith = async (fields: Record<string, string | string[]>) => {
    const before = await dump()
    const html = await (await ada.post(PATH, { role: 'user', preview: 'on', ...fields })).text()
    expect(await dump()).toEqual(before)
    return html.slice(html.indexOf('id="preview"'))
  }

  it('what is chosen for everyone', async () => {
    const seen = await seenWith({ section: ['', 'logs'], agent_mode: 'list' })
    expect(seen).toContain('What each person sees')
    expect([seen.includes('Logs'), seen.includes('Traces'), seen.includes('No Agents page')]).toEqual([true, false, true])
  })

  it('a preset in its place', async () => {
    await run(
      "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('p', 'acme', 'P', 'p', 'all', 1)",
    )
    await run("INSERT INTO preset_sections (tenant_id, preset_id, section, access) VALUES ('acme', 'p', 'traces', 'on')")
    const seen = await seenWith({ preset: 'p', section: ['', 'logs'] })
    expect([seen.includes('Logs'), seen.includes('Traces')]).toEqual([false, true])
  })
})

it('a list of nobody, or of somebody who is no admin, is not looked into', async () => {
  for (const [client, status] of [
    [new Client(), 401],
    [await signedIn('bob'), 403],
  ] as const)
    expect((await client.post(PATH, { list: 'zoe@corp.test', role: 'nothing that we know' })).status).toBe(status)
})

it('a review names the columns that it does not know', async () => {
  const html = await (await ada.get(await listOf('Email,Department,Boss\nzoe@corp.test,Sales,Kim'))).text()
  expect(html).toContain('Ignored: Department, Boss. A list can have the columns email, name,')
})

describe('a row is mended where it is:', () => {
  it.each([
    [
      'whose domain is not allowed',
      "INSERT INTO allowed_domains (tenant_id, domain) VALUES ('acme', 'acme.test')",
      'email',
      'zoe@corp.test',
      'zoe@acme.test',
    ],
    ['that is twice in the list', '', 'email', 'sam@corp.test\nsam@corp.test', 'zoe@corp.test'],
    ['whose last day is over', '', 'until', 'zoe@corp.test,2020-01-01', '2030-01-01'],
  ])('one %s', async (_, before, column, rows, better) => {
    if (before) await run(before)
    const path = await listOf(`email,until\n${rows}`)
    const n = rows.split('\n').length
    expect(await (await ada.get(path)).text()).toContain(`name="${column}"`)
    await ada.post(`${path}/rows/${n}`, { do: 'save', [column]: better })
    expect(await (await ada.get(path)).text()).toContain(`Send ${n === 1 ? '1 invitation' : '2 invitations'}`)
  })

  it('somebody disabled is enabled, and the review comes back', async () => {
    const path = await listOf('email\ndov@acme.test')
    expect(await (await ada.get(path)).text()).toContain('action="/w/acme/access/users/dov/enable"')
    const back = await ada.post(
      '/w/acme/access/users/dov/enable',
      { state: 'disabled' },
      { headers: { Referer: `https://latchkey.test${path}` } },
    )
    expect(back.headers.get('Location')).toBe(path)
  })
})

it('what was entered into a row that another tab has changed is kept, and not saved', async () => {
  const path = await listOf('email\nnobody\nzoe@corp.test')
  await ada.post(`${path}/rows/1`, { version: '1', do: 'save', email: 'sam@corp.test' })
  const late = await ada.post(`${path}/rows/1`, { version: '1', do: 'save', email: 'kim@corp.test' })
  expect(late.status).toBe(409)
  const html = await late.text()
  expect(html).toContain('Row 1 was changed in the meantime. What you entered is still there, and not saved.')
  expect(html).toMatch(/<input form="change-1" name="email" value="kim@corp.test"/)
  expect(await one('SELECT email FROM invite_rows WHERE n = 1')).toEqual({ email: 'sam@corp.test' })
})

it('a list on its way and its report are found again where the next list begins', async () => {
  const path = await listOf('email\nzoe@corp.test')
  await ada.post(`${path}/send`, { version: '1' })
  expect(await (await ada.get(PATH)).text()).toContain(`<a href="${path}">Sending: 0 of 1</a>`)
  await run("UPDATE jobs SET state = 'done', done = 1, finished_at = 1")
  expect(await (await ada.get(PATH)).text()).toContain(`<a href="${path}">1 of 1 sent</a>`)
})

it('a list is discarded by its admin, as its page showed it', async () => {
  const path = await listOf('email\nnobody\nzoe@corp.test')
  await ada.post(`${path}/rows/1`, { version: '1', do: 'leave' })
  expect((await ada.post(`${path}/discard`, { version: '1' })).status).toBe(409)
  const gone = await ada.post(`${path}/discard`, { version: '2' })
  expect(gone.headers.get('Location')).toBe(PATH)
  expect(await one('SELECT (SELECT count(*) FROM invite_drafts) + (SELECT count(*) FROM invite_rows) AS left')).toEqual({ left: 0 })
})
