import { afterEach, expect, it } from 'vitest'
import { Client, signedIn } from '../../test/client'
import { linkIn, run } from '../../test/database'
import { idleAda, sendFrom } from '../../test/late'
import { listen } from '../../test/logged'
import { call, callerOf } from '../../test/routes'
import { PASS_PHRASE } from '../dev/seed'

let ear: ReturnType<typeof listen> | undefined

afterEach(() => ear?.stop())

async function lineOf(request: () => Promise<unknown>) {
  ear = listen()
  await request()
  const [line = '{}'] = ear.stop().filter((text) => text.includes('"status"'))
  return JSON.parse(line)
}

it('a line names the route, the workspace and the member, and no id that its path holds', async () => {
  const ada = await signedIn('ada')

  expect(await lineOf(() => ada.get('/w/acme/access/users/bob'))).toMatchObject({
    action: 'GET /w/:workspace/access/users/:id',
    tenant: 'acme',
    actor: 'ada',
    outcome: 'done',
    status: 200,
  })
})

it('a person’s own page names neither workspace nor member', async () => {
  const bob = await signedIn('bob')
  const line = await lineOf(() => bob.get('/account'))

  expect(line).toMatchObject({ action: 'GET /account', outcome: 'done' })
  expect(line).not.toHaveProperty('tenant')
})

it('being led to sign-in is a refusal, as a page and as a form', async () => {
  expect(await lineOf(() => new Client().get('/account'))).toMatchObject({
    action: 'GET /account',
    outcome: 'refused',
    status: 303,
  })
  const ada = await idleAda()
  expect(await lineOf(() => sendFrom(ada))).toMatchObject({
    action: 'POST /w/:workspace/access/invitations',
    outcome: 'refused',
    status: 401,
  })
})

it('a form that no page of ours sent is told apart from a wrong APP_ORIGIN', async () => {
  const bob = await signedIn('bob')
  const request = () => bob.post('/account/name', { name: 'Eve' }, { headers: { Origin: 'https://latchkey.example' } })

  expect(await lineOf(request)).toMatchObject({
    outcome: 'refused',
    status: 403,
    reason: 'cross_site',
    origin: 'https://latchkey.example',
    expected: 'https://latchkey.test',
  })
})

it.each([
  ['null', 'null'],
  ['words of a script', 'none'],
  ['https://latchkey.example/a-path', 'none'],
  [undefined, 'none'],
])('of an Origin that says "%s" the log says %s', async (Origin, origin) => {
  expect(await lineOf(() => new Client().post('/logout', {}, { headers: { Origin } }))).toMatchObject({ status: 403, origin })
})

it.each([
  ['bob@acme.test', PASS_PHRASE, { event: 'authn_login_success', user: 'user-bob' }],
  ['bob@acme.test', 'this is not the password', { event: 'authn_login_fail', reason: 'wrong' }],
  ['nobody@acme.test', 'this is not the password', { event: 'authn_login_fail', reason: 'wrong' }],
])('a sign-in of %s names account and network by a keyed hash, and what came of it', async (email, password, expected) => {
  const stranger = new Client()
  const line = await lineOf(() => stranger.post('/login', { email, password }))
  const again = await lineOf(() => stranger.post('/login', { email, password: 'another one' }))
  const elsewhere = await lineOf(() => new Client().post('/login', { email: 'cat@globex.test', password: 'another one' }))

  expect(line).toMatchObject({ ...expected, account: expect.stringMatching(/^[\da-f]{16}$/) })
  expect([again.account, again.network]).toEqual([line.account, line.network])
  expect(elsewhere.account).not.toBe(line.account)
  expect(elsewhere.network).not.toBe(line.network)
  expect(JSON.stringify(line)).not.toContain(email)
})

it('a sign-in that is not looked at any more says so', async () => {
  const stranger = new Client()
  const until = Date.now() + 60_000
  await run(
    "INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('sign-in:account:nobody@acme.test', 9, ?, ?)",
    until,
    until,
  )

  expect(await lineOf(() => stranger.post('/login', { email: 'nobody@acme.test', password: 'wrong' }))).toMatchObject({
    event: 'authn_login_fail_max',
    reason: 'too_many_tries',
    status: 429,
  })
})

const MASKED = expect.stringMatching(/^[\da-f]{16}$/)

it('a forgotten password names account and network by a keyed hash', async () => {
  expect(await lineOf(() => new Client().post('/forgot-password', { email: 'bob@acme.test' }))).toMatchObject({
    event: 'authn_token_created',
    account: MASKED,
    network: MASKED,
  })
})

it('an accepted invitation names the same account as a sign-in of its person', async () => {
  const pia = new Client()
  const [path = '', query] = (await linkIn('pia@acme.test')).split('?')
  const page = (await pia.get(`${path}?${query}`)).headers.get('Location') ?? ''
  const token = new URLSearchParams(query).get('token') ?? ''
  const accepted = await lineOf(() => pia.post(`${page}/accept`, { token, password: 'plum teapot orbit canyon', name: 'Pia' }))
  const signedIn = await lineOf(() => pia.post('/login', { email: 'pia@acme.test', password: 'not hers' }))

  expect(accepted).toMatchObject({ event: 'user_created', account: MASKED, network: MASKED })
  expect(signedIn).toMatchObject({ event: 'authn_login_fail', account: accepted.account, network: accepted.network })
})

it.each([
  ['POST /join/:link', 'authn_token_created'],
  ['POST /join/confirm/:link/join', 'user_created'],
  ['POST /join/confirm/:link/ask', 'authn_token_revoked'],
  ['POST /w/:workspace/access/changes/:change', 'user_archived'],
  ['POST /w/:workspace/access/changes/:change (all)', 'authz_change'],
  ['POST /w/:workspace/access/changes/:change (delete)', 'user_deleted'],
  ['POST /w/:workspace/access/changes/:change (resend)', 'authz_admin'],
])('%s is %s', async (name, event) => {
  const client = await callerOf(name)
  expect(await lineOf(() => call(client, name))).toMatchObject({ event, network: MASKED })
})

it('a wrong current password is a change that failed, of a user', async () => {
  const bob = await signedIn('bob')
  const form = { current: 'this is not the password', password: 'plum teapot orbit canyon' }

  expect(await lineOf(() => bob.post('/account/password', form))).toMatchObject({
    event: 'authn_password_change_fail',
    reason: 'wrong',
    user: 'user-bob',
    network: MASKED,
  })
})

it('what an admin alone may do, and somebody else tried, names who and from where', async () => {
  const bob = await signedIn('bob')
  const request = () => bob.post('/w/acme/access/users/cid/disable', {})

  expect(await lineOf(request)).toMatchObject({ event: 'authz_fail', actor: 'bob', user: 'user-bob', network: MASKED })
})

it('a page that is only looked at is no event, and names no network', async () => {
  const ada = await signedIn('ada')
  const line = await lineOf(() => ada.get('/w/acme/access/users'))

  expect(line).not.toHaveProperty('event')
  expect(line).not.toHaveProperty('network')
})
