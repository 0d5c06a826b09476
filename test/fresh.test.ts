import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { signedIn } from './client'
import { facts, run } from './database'
import { unproven, wordsOf } from './late'
import { reviewed } from './lists'
import { call, callerOf, fieldsOf, pathOf, patternOf, routeNamed, routeNames } from './routes'

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

/** What creates or widens a way in, ends sessions, deletes people or takes data out, by its name (docs/rules.md, Fresh proof). One’s own app is only left. */
const WIDENS =
  /\/(export|copy-link|reset-factor|(?<!account\/apps\/:app\/)sign-out|address|finish)$|\.csv$|\/join-links(\/new)?$|^POST .*(access\/apps(\/:id\/(secret|disconnect))?|sessions\/.*\/end|passkeys(\/:id\/remove)?|app(\/remove)?|recovery-codes)$/

/** Their page is only read, and what it leads to asks. */
const READ = /^GET \S+\/(join-links|app)$/

it('every route whose name says that it widens a way in asks for one', () => {
  const forgotten = SIGNED_IN.filter((name) => WIDENS.test(patternOf(name)) && !READ.test(patternOf(name)) && !asksForProof(name))
  expect(forgotten).toEqual([])
})

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

/** Dov, who is disabled, as the admin that he was. */
async function formerAdmin(path: string) {
  await run("UPDATE members SET role = 'admin' WHERE id = 'dov'")
  return path
}

/** What Ada changed of Dov a moment ago, from `was` to `is`. */
async function undoOf(kind: 'status' | 'role', was: string, is: string) {
  const until = Date.now() + 600_000
  await run(
    "INSERT INTO undos (id, tenant_id, admin_id, kind, created_at, expires_at) VALUES ('of-dov', 'acme', 'ada', ?, 1, ?)",
    kind,
    until,
  )
  await run("INSERT INTO undo_values VALUES ('of-dov', 'dov', ?, ?, ?)", kind, was, is)
  return '/w/acme/access/undo/of-dov'
}

const undoOfDisabling = async () => formerAdmin(await undoOf('status', 'active', 'disabled'))

const INVITATION = { email: 'nell@acme.test', role: 'admin' }

/** Of routes that ask for it only where it matters. */
const SOMETIMES: Record<string, [() => Promise<string>, Record<string, string>?]> = {
  'deleting somebody': [async () => '/w/acme/access/users/bob/delete'],
  'inviting a Tenant Admin': [async () => '/w/acme/access/invitations', INVITATION],
  'sending a list with a Tenant Admin': [listWithAdmin],
  'enabling a Tenant Admin': [() => formerAdmin('/w/acme/access/users/dov/enable')],
  'enabling many': [async () => '/w/acme/access/changes/enable', { id: crypto.randomUUID(), list: '', member: 'dov' }],
  'taking back that a Tenant Admin was disabled': [undoOfDisabling],
  'taking back that a Tenant Admin was made a user': [() => undoOf('role', 'admin', 'user')],
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

it.each(['make_admin', 'enable', 'delete'])('the question of %s asks for it, so that its answer need not wait', async (change) => {
  const [path, ada] = [`/w/acme/access/changes/${change}?member=dov`, await signedIn('ada')]
  expect((await ada.get(path)).status).toBe(200)
  await unproven()

  expect((await ada.get(path)).headers.get('Location')).toBe(`/confirm?next=${encodeURIComponent(path)}`)
})

it('taking back that a Tenant User was disabled asks for none', async () => {
  const [path, ada] = [await undoOfDisabling(), await signedIn('ada')]
  await run("UPDATE members SET role = 'user' WHERE id = 'dov'")
  await unproven()

  expect((await ada.post(path)).status).toBe(303)
})
