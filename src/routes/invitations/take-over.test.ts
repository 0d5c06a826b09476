import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn, signedInAs } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { wordsOf } from '../../../test/late'
import { openInvitation, openReset } from '../../../test/opened-link'
import { unprovenAccount } from '../../../test/unproven'
import { connect } from '../../db/connect'
import * as password from '../../models/identity/password'
import { letterOf } from '../../models/mail/letter'
import { letterContextsOf } from '../../models/mail/letter-context'

const NELL = 'nell@acme.test'
const PASSWORD = 'plum teapot orbit canyon'
let nell: Awaited<ReturnType<typeof unprovenAccount>>

beforeEach(async () => {
  vi.spyOn(password, 'hashPassword').mockResolvedValue('$scrypt$new')
  nell = await unprovenAccount(NELL)
})
afterEach(() => vi.restoreAllMocks())

async function invitedToGlobex(client = new Client()) {
  await (await signedIn('cat')).post('/w/globex/access/invitations', { email: NELL, role: 'user' })
  return openInvitation(client, NELL)
}

async function askedForReset() {
  await new Client().post('/forgot-password', { email: NELL })
  return openReset(new Client(), NELL)
}

const membershipsOf = () => all('SELECT tenant_id AS id, status FROM members WHERE email_key = ? ORDER BY tenant_id', NELL)
const account = () => one('SELECT name, proved_at IS NOT NULL AS proven FROM users WHERE email_key = ?', NELL)

describe('an emailed link to an unproven account', () => {
  it('is the page of a new password, which says what setting it does, and asks for each workspace of the account', async () => {
    const link = await invitedToGlobex()
    const page = await (await link.show()).text()

    expect(link.client.roundTrips).toBe(1)
    for (const words of ['Set My Password', 'makes the account yours', 'Workspaces of this account', 'Acme'])
      expect(wordsOf(page)).toContain(words)
    expect(formIn(page, `${link.page}/accept`)).toMatchObject({ shown: nell.memberId, keep: nell.memberId })
  })

  it('keeps them by default, sets the password and leads to sign-in', async () => {
    const link = await invitedToGlobex()
    const form = formIn(await (await link.show()).text(), `${link.page}/accept`)
    const answer = await link.client.post(`${link.page}/accept`, { ...form, name: 'Nell Ito', password: PASSWORD })

    expect(answer.headers.get('Location')).toMatch(/^\/login\?from=/)
    expect(await account()).toEqual({ name: 'Nell Ito', proven: 1 })
    expect(await membershipsOf()).toEqual([
      { id: 'acme', status: 'active' },
      { id: 'globex', status: 'active' },
    ])
  })

  it('leaves the one that was cleared', async () => {
    const link = await invitedToGlobex()
    await link.post('/accept', { name: 'Nell', password: PASSWORD, shown: nell.memberId })

    expect(await membershipsOf()).toEqual([{ id: 'globex', status: 'active' }])
  })

  it('that is refused for its password keeps the choice', async () => {
    const link = await invitedToGlobex()
    const page = await (await link.post('/accept', { name: 'Nell', password: 'short', shown: nell.memberId })).text()

    expect(page).toContain('Use at least 15 characters.')
    expect(formIn(page, `${link.page}/accept`)).not.toHaveProperty('keep')
    expect(await membershipsOf()).toContainEqual({ id: 'acme', status: 'active' })
  })

  it('of whoever is signed in to it signs them out', async () => {
    const old = await signedInAs(nell.userId)
    const link = await invitedToGlobex(old)
    await link.post('/accept', { name: 'Nell', password: PASSWORD })

    expect(old.cookies.has('__Host-session')).toBe(false)
    expect(await all('SELECT id FROM sessions WHERE user_id = ?', nell.userId)).toEqual([])
  })

  it('in the browser of somebody else changes nothing', async () => {
    const link = await invitedToGlobex(await signedIn('bob'))
    const before = await dump()
    const answer = await link.post('/accept', { name: 'Nell', password: PASSWORD })

    expect([answer.status, wordsOf(await answer.text())]).toEqual([
      409,
      expect.stringContaining('You are signed in as bob@acme.test'),
    ])
    expect(await dump()).toEqual(before)
  })

  it('says in its email that a password is set, since nobody has proven one', async () => {
    await invitedToGlobex()
    const mail = await one<{ id: string }>("SELECT id FROM mails WHERE to_key = ? AND tenant_id = 'globex'", NELL)
    const [context] = await letterContextsOf(connect(env.DB), [mail?.id ?? ''])

    expect(context && letterOf(context, Date.now())).toMatchObject({ hasAccount: false })
  })
})

describe('a reset of an unproven account', () => {
  it('confirms the address, says so, and leaves the workspace that was cleared', async () => {
    const link = await askedForReset()
    const page = await (await link.show()).text()
    for (const words of ['Confirm your address', 'makes the account yours', 'Acme']) expect(wordsOf(page)).toContain(words)
    expect(formIn(page, link.page)).toMatchObject({ shown: nell.memberId, keep: nell.memberId })

    await link.post('', { password: PASSWORD, shown: nell.memberId })
    expect([await account(), await membershipsOf()]).toEqual([{ name: 'Whoever', proven: 1 }, []])
  })

  it('that is refused for its password keeps the choice', async () => {
    const link = await askedForReset()
    const page = await (await link.post('', { password: 'short', shown: nell.memberId })).text()

    expect(formIn(page, link.page)).not.toHaveProperty('keep')
  })
})

describe('an unproven address', () => {
  it('is said under Workspaces and Account, and can be confirmed by an email from there', async () => {
    const client = await signedInAs(nell.userId)
    for (const page of ['/workspaces', '/account'])
      expect(wordsOf(await (await client.get(page)).text())).toContain('nell@acme.test is not confirmed yet.')
    const answer = await client.submit('/account/confirm')

    expect(await answer.text()).toContain('A link to confirm your address is on its way to nell@acme.test.')
    expect(await all('SELECT kind FROM mails WHERE to_key = ? AND password_reset_id IS NOT NULL', NELL)).toEqual([
      { kind: 'address_confirmation' },
    ])
    expect(client.posted).toHaveLength(1)
    const link = await openReset(new Client(), NELL)
    await link.post('', { password: PASSWORD })
    expect(await account()).toMatchObject({ proven: 1 })
  })

  it('is emailed three times an hour, together with what Forgot Password sends', async () => {
    const client = await signedInAs(nell.userId)
    await new Client().post('/forgot-password', { email: NELL })
    for (let i = 0; i < 2; i++) expect((await client.post('/account/confirm')).status).toBe(303)
    const answer = await client.post('/account/confirm')

    expect([answer.status, wordsOf(await answer.text())]).toEqual([
      429,
      expect.stringContaining('We emailed you three links within an hour.'),
    ])
    expect(await all('SELECT id FROM mails WHERE to_key = ? AND password_reset_id IS NOT NULL', NELL)).toHaveLength(3)
  })

  it('that is proven is offered nothing, and emailed nothing', async () => {
    await run('UPDATE users SET proved_at = 1 WHERE id = ?', nell.userId)
    const client = await signedInAs(nell.userId)
    for (const page of ['/workspaces', '/account']) expect(await (await client.get(page)).text()).not.toContain('/account/confirm')
    await client.post('/account/confirm')

    expect(await all('SELECT id FROM mails WHERE password_reset_id IS NOT NULL')).toEqual([])
  })
})
