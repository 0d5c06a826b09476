import { expect, it } from 'vitest'
import { run } from './database'
import { call, callerOf, getters, pathOf } from './routes'

const MARKUP = `"'><img src=x>`

/** Everything that somebody may name, named by somebody who means harm. */
const NAMED = {
  tenants: ['name'],
  users: ['name'],
  invitations: ['inviter_name', 'note'],
  agents: ['name', 'description', 'framework', 'deployment'],
  mails: ['to_email', 'reason'],
}

it.each(getters)('%s shows markup as text', async (name) => {
  for (const [table, columns] of Object.entries(NAMED))
    await run(`UPDATE ${table} SET ${columns.map((column) => `${column} = ?1`)}`, MARKUP)
  await run('UPDATE agents SET tags = json_array(?)', MARKUP)
  await run('UPDATE members SET email = ? || id', MARKUP)

  const answer = await call(await callerOf(name), name, { path: await pathOf(name) })
  expect(answer.status).toBeLessThan(400)
  expect((await answer.text()).toLowerCase()).not.toContain('<img')
})
