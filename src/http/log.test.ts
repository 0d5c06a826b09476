import { afterEach, expect, it } from 'vitest'
import { Client, signedIn } from '../../test/client'
import { idleAda, sendFrom } from '../../test/late'
import { listen } from '../../test/logged'

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
