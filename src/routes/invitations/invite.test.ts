import { describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { dump } from '../../../test/database'

describe('an admin who may not invite any more', () => {
  it.each([
    ['MAX_PENDING', 'Too many invitations are waiting already.'],
    ['MAX_MAILS_A_DAY', 'This workspace has sent all the mail it may send in a day.'],
  ])('for %s is told, with Retry-After, and keeps the draft', async (limit, words) => {
    const ada = new Client({ [limit]: '1' } as object)
    ada.cookies.set('__Host-session', (await signedIn('ada')).cookies.get('__Host-session') ?? '')
    const before = await dump()
    const answer = await ada.post('/access/invitations', { email: 'nell@acme.test', role: 'user' })

    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
    const html = await answer.text()
    expect(html).toContain(words)
    expect(html).toContain('value="nell@acme.test"')
    expect(await dump()).toEqual(before)
  })
})

describe('an address that is here already', () => {
  it.each([
    ['BOB@acme.test', 'bob'],
    ['pia@ACME.test', 'pia'],
    ['dov@acme.test', 'dov'],
  ])('%s is refused beside the field, with the way to the member, and changes nothing', async (email, id) => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post('/access/invitations', { email, role: 'user' })

    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain(`value="${email}"`)
    expect(html).toContain(`href="/access/users/${id}"`)
    expect(ada.posted).toEqual([])
    expect(await dump()).toEqual(before)
  })
})

it.each([
  ['no address', { email: 'nell', role: 'user' }],
  ['too long a note', { email: 'nell@acme.test', role: 'user', note: 'x'.repeat(501) }],
])('%s is refused with the draft kept', async (_, fields) => {
  const ada = await signedIn('ada')
  const before = await dump()
  const answer = await ada.post('/access/invitations', fields)

  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain(`value="${fields.email}"`)
  expect(await dump()).toEqual(before)
})

it.each([{ role: 'owner' }, { role: 'user', section: 'billing' }, { role: 'user', agent_mode: 'some' }])(
  'a value outside its list is malformed: %o',
  async (fields) => {
    const ada = await signedIn('ada')
    const before = await dump()

    expect((await ada.post('/access/invitations', { email: 'nell@acme.test', ...fields })).status).toBe(400)
    expect(await dump()).toEqual(before)
  },
)
