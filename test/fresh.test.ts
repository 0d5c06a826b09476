import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { signedIn } from './client'
import { facts, run } from './database'
import { unproven, wordsOf } from './late'
import { reviewed } from './lists'
import { call, callerOf, fieldsOf, pathOf, routeNamed, routeNames } from './routes'

const SIGNED_IN = routeNames.filter((name) => ['user', 'admin'].includes(routeNamed(name).by))
const asksForProof = (name: string) => routeNamed(name).fresh === true

async function late(name: string) {
  const client = await callerOf(name)
  const [path, fields] = [await pathOf(name), await fieldsOf(name)]
  await unproven()
  return { client, path, fields, before: await facts() }
}

it.each(SIGNED_IN.filter(asksForProof))(
  '%s asks somebody who signed in long ago to prove who they are, and does nothing',
  async (name) => {
    const { client, path, fields, before } = await late(name)
    const answer = await call(client, name, { path, fields, headers: { Referer: `${env.APP_ORIGIN}/account` } })

    if (answer.status === 303) expect(answer.headers.get('Location')).toBe(`/confirm?next=${encodeURIComponent(path)}`)
    else expect([answer.status, wordsOf(await answer.text()).includes('Confirm it’s you')]).toEqual([401, true])
    expect(await facts()).toEqual(before)
  },
)

it.each(SIGNED_IN.filter((name) => !asksForProof(name)))('%s asks for no fresh proof', async (name) => {
  const { client, path, fields } = await late(name)
  const answer = await call(client, name, { path, fields })

  expect(answer.status).toBeLessThan(400)
  expect(answer.headers.get('Location') ?? '').not.toMatch(/^\/confirm/)
})

async function listWithAdmin() {
  const path = await reviewed('/send')()
  await run("UPDATE invite_rows SET own = json_object('role', 'admin') WHERE draft_id = 'list-ada' AND n = 5")
  return path
}

const INVITATION = { email: 'nell@acme.test', role: 'admin' }

/** Of routes that ask for it only where it matters. */
const SOMETIMES: Record<string, [() => Promise<string>, Record<string, string>?]> = {
  'deleting somebody': [async () => '/w/acme/access/users/bob/delete'],
  'inviting a Tenant Admin': [async () => '/w/acme/access/invitations', INVITATION],
  'sending a list with a Tenant Admin': [listWithAdmin],
}

it.each(Object.keys(SOMETIMES))('%s asks whoever signed in long ago for a proof, and does nothing', async (name) => {
  const [at, fields = {}] = SOMETIMES[name] ?? []
  const path = (await at?.()) ?? ''
  const ada = await signedIn('ada')
  await unproven()
  const before = await facts()

  expect((await ada.post(path, fields)).status).toBe(401)
  expect(await facts()).toEqual(before)
})
