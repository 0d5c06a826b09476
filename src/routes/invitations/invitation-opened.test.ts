import { expect, it } from 'vitest'
import { Client } from '../../../test/client'
import { facts, one, run } from '../../../test/database'
import { openInvitation } from '../../../test/opened-link'

const openedAt = async () =>
  (await one<{ opened_at: number | null }>("SELECT opened_at FROM invitations WHERE id = 'invitation-pia'"))?.opened_at

const pia = () => openInvitation(new Client(), 'pia@acme.test')

it('the form tells once that it is used, which is no entry of the activity log', async () => {
  const client = await pia()
  const before = await facts()
  expect((await client.post('/opened')).status).toBe(204)
  const first = await openedAt()
  expect(first).toBeGreaterThan(0)
  expect((await facts()).activity).toEqual(before.activity)

  await run("UPDATE invitations SET opened_at = 1 WHERE id = 'invitation-pia'")
  expect((await client.post('/opened')).status).toBe(204)
  expect(await openedAt()).toBe(1)
})

it('fetching the link and its page, however often, tells nothing', async () => {
  const client = await pia()
  for (const method of ['GET', 'HEAD', 'GET']) await client.client.send(method, client.page, undefined)
  expect(await openedAt()).toBeNull()
})

it.each([
  ['expired', 'expires_at = created_at + 1'],
  ['superseded', "state = 'superseded', closed_at = 1, write_nonce = 'c'"],
])('a link that is %s notes nothing', async (_, change) => {
  const client = await pia()
  await run(`UPDATE invitations SET ${change} WHERE id = 'invitation-pia'`)
  const before = await facts()
  expect((await client.post('/opened')).status).toBe(204)
  expect(await facts()).toEqual(before)
})

it('nobody tells it without a link of ours', async () => {
  const { page } = await pia()
  const before = await facts()
  expect((await new Client().post(`${page}/opened`)).status).toBe(410)
  expect(await facts()).toEqual(before)
})
