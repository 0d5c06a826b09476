import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { facts, run } from './database'
import { draftIn, HALF_AN_HOUR_MS, wordsOf } from './late'
import { call, callerOf, fieldsOf, pathOf, posters, routeNamed } from './routes'

const BEHIND_SESSION = posters.filter((name) => ['user', 'admin'].includes(routeNamed(name).by) && !name.startsWith('POST /logout'))
const REFERER = { Referer: `${env.APP_ORIGIN}/account` }

/** Of the fields of a form those that a draft keeps. */
const isSecret = (field: string) => /password|current|token|code|response/.test(field)
/** What the page says of itself, and nobody typed. */
const isShown = (field: string) => ['setup', 'app', 'made', 'next'].includes(field)
const kept = (fields: object) => Object.keys(fields).filter((field) => !isSecret(field) && !isShown(field))

async function late(name: string) {
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  await run('UPDATE sessions SET last_seen_at = last_seen_at - ?', HALF_AN_HOUR_MS)
  return { client, path, fields, before: await facts() }
}

it.each(BEHIND_SESSION)(
  '%s after its session leads to sign-in with the reason, keeps what was typed and does nothing',
  async (name) => {
    const { client, path, fields, before } = await late(name)
    const answer = await call(client, name, { path, fields, headers: REFERER })
    const page = await answer.text()

    expect(answer.status).toBe(401)
    expect(wordsOf(page)).toContain('You were signed out after 30 minutes. Nothing was sent.')
    expect(draftIn(page) !== '').toBe(kept(fields).length > 0)
    for (const [, value] of Object.entries(fields).filter(([field]) => isSecret(field))) expect(page).not.toContain(String(value))
    expect(await facts()).toEqual(before)
  },
)

it.each(BEHIND_SESSION)('%s by htmx after its session leaves the page alone, says so and does nothing', async (name) => {
  const { client, path, fields, before } = await late(name)
  const answer = await call(client, name, { path, fields, htmx: true, headers: REFERER })

  expect([answer.status, answer.headers.get('HX-Retarget')]).toEqual([401, '#notice'])
  expect(wordsOf(await answer.text())).toContain('You were signed out after 30 minutes. Nothing was sent.')
  expect(await facts()).toEqual(before)
})

it('a session that reached its twelve hours in use says so, and not that it was idle', async () => {
  const name = 'POST /w/:workspace/access/invitations'
  const client = await callerOf(name)
  await run('UPDATE sessions SET expires_at = ?', Date.now())
  const page = wordsOf(await (await call(client, name, { headers: REFERER })).text())
  expect(page).toContain('You were signed out after 12 hours. Nothing was sent.')
  expect(page).not.toContain('30 minutes')
})
