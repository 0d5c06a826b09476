import { afterAll, expect, it, vi } from 'vitest'
import * as password from '../src/models/identity/password'
import { run } from './database'
import { call, callerOf, fieldsOf, getters, pathOf, posters } from './routes'

const MARKUP = `"'><img src=x>`

/** Everything that somebody may name, named by somebody who means harm. */
const NAMED = {
  tenants: ['name'],
  users: ['name'],
  invitations: ['inviter_name', 'note'],
  agents: ['name', 'description', 'framework', 'deployment'],
  members: ['invited_name'],
  mails: ['to_email', 'reason', 'detail'],
}

it.each(getters)('%s shows markup as text', async (name) => {
  for (const [table, columns] of Object.entries(NAMED))
    await run(`UPDATE ${table} SET ${columns.map((column) => `${column} = ?1`)}`, MARKUP)
  await run('UPDATE agents SET tags = json_array(?)', MARKUP)
  await run('UPDATE members SET email = ? || id', MARKUP)

  const answer = await call(await callerOf(name), name, { path: await pathOf(name) })
  expect(answer.status).toBeLessThan(400)
  if (answer.headers.get('Content-Type')?.startsWith('text/csv')) return expectSaved(answer)
  expect((await answer.text()).toLowerCase()).not.toContain('<img')
})

/** No browser takes it for a page, whatever it holds: it is saved. */
function expectSaved({ headers }: Response) {
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect(headers.get('Content-Disposition')).toMatch(/^attachment; filename="[\w.-]+\.csv"$/)
}

vi.spyOn(password, 'verifyPassword').mockResolvedValue({ ok: false, stale: false })
vi.spyOn(password, 'hashPassword').mockResolvedValue('$scrypt$of nobody')
afterAll(() => vi.restoreAllMocks())

it.each(posters)('%s shows what was typed as text, and leads nowhere by it', async (name) => {
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  const client = await callerOf(name)
  const own = name.startsWith('POST /log') ? ['next'] : []
  for (const field of [...Object.keys(fields), ...own]) {
    const answer = await call(client, name, { path, fields: { ...fields, [field]: MARKUP } })
    const location = answer.headers.get('Location')
    const page = location ? await client.get(location) : answer
    expect(answer.status, field).toBeLessThan(500)
    expect(location ?? '', field).toMatch(/^(\/(?!\/)[^<>"]*)?$/)
    expect((await page.text()).toLowerCase(), field).not.toContain('<img')
  }
})
