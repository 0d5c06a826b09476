import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { dump, run } from '../../../test/database'
import { formIn } from '../../../test/form'

const USERS = '/w/acme/access/users'
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
})

const seats = (count: number | null) => run("UPDATE tenants SET seats = ? WHERE id = 'acme'", count)
const FULL = '3 seats: 2 active, 1 pending, none free.'

it('the user table says how many seats there are, where there is a limit', async () => {
  expect(await (await ada.get(USERS)).text()).not.toContain('seats:')
  await seats(10)
  expect(await (await ada.get(USERS)).text()).toContain('10 seats: 2 active, 1 pending, 7 free.')
})

it('an invitation without a free seat keeps its draft, with the numbers', async () => {
  await seats(3)
  const before = await dump()
  const answer = await ada.post('/w/acme/access/invitations', { email: 'nell@acme.test', role: 'user', note: 'Welcome' })
  const html = await answer.text()
  expect([answer.status, html.includes('No seat is free.'), html.includes(FULL), html.includes('Welcome')]).toEqual([
    422,
    true,
    true,
    true,
  ])
  expect(await dump()).toEqual(before)
})

it.each([
  ['enabling', `${USERS}/dov/enable`, {}, 3, FULL],
  ['extending', `${USERS}/bob/end-date`, { until: '2099-12-31' }, 2, '2 seats: 1 active, 1 pending, none free.'],
])('%s without a free seat is refused, with the numbers', async (_, path, fields, count, words) => {
  await seats(count)
  if (path.includes('bob')) await run("UPDATE members SET ends_at = 2 WHERE id = 'bob'")
  const before = await dump()
  const answer = await ada.post(path, fields)
  const html = await answer.text()
  expect([answer.status, html.includes('No seat is free'), html.includes(words)]).toEqual([409, true, true])
  expect(await dump()).toEqual(before)
})

it('an undo that finds no seat says so', async () => {
  await ada.post(`${USERS}/bob/disable`)
  const html = await (await ada.get(USERS)).text()
  await ada.post(`${USERS}/dov/enable`)
  await seats(3)
  const [, action = ''] = html.match(/action="([^"]+\/undo\/[^"]+)"/) ?? []
  const from = { headers: { Referer: `${env.APP_ORIGIN}${USERS}` } }
  expect(await (await ada.submit(action, formIn(html, action), from)).text()).toContain(
    'Not undone: no seat is free for Bob Okafor.',
  )
})

it('an address of a domain that is not allowed is refused beside the field, with those that are', async () => {
  await run("INSERT INTO allowed_domains VALUES ('acme', 'acme.test'), ('acme', 'xn--bcher-kva.example')")
  const WORDS = 'Only addresses ending in @acme.test or @bücher.example can be invited here.'
  const invited = await ada.post('/w/acme/access/invitations', { email: 'nell@other.test', role: 'user' })
  expect([invited.status, (await invited.text()).includes(WORDS)]).toEqual([422, true])
  const moved = await ada.post(`${USERS}/pia/address`, { email: 'pia@other.test' })
  const html = await moved.text()
  expect([moved.status, html.includes(WORDS), html.includes('value="pia@other.test"')]).toEqual([422, true, true])
})
