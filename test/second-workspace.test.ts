import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { add } from '../bin/workspace-statements'
import { accept } from '../src/models/invitations/acceptance'
import { askToJoin, join } from '../src/models/join-links/joining'
import { actNamed, invitee, somebody, typed } from './cast'
import { type Client, signedIn, signedInAs } from './client'
import { all, one, run } from './database'
import { joinLink, proofFor } from './join-links'
import { NEVER } from './life/never'
import { open, openInvitation } from './opened-link'
import { copied, unprovenAccount } from './unproven'

const NELL = 'nell@acme.test'
const PASSWORD = 'plum teapot orbit canyon'
const MAKER = { makerId: 'cat', makerName: 'Cat Lindqvist' }
let nell: Awaited<ReturnType<typeof unprovenAccount>>
/** Whoever was handed the link that made the account, and does not read what comes to its address. */
let holder: Client

beforeEach(async () => {
  nell = await unprovenAccount(NELL)
  holder = await signedInAs(nell.userId)
})

/** How somebody invited to Acme could come into another workspace, as far as they can go without reading an email. */
const WAYS: Record<string, () => Promise<unknown>> = {
  'a copied link, by a new password': async () => {
    const jti = await copied(await invitee(await actNamed('cat'), NELL))
    await accept(somebody(), jti, { passwordHash: '$scrypt$new', name: null })
  },
  'a copied link, by joining': async () => {
    const jti = await copied(await invitee(await actNamed('cat'), NELL))
    await accept(somebody(), jti, { userId: nell.userId })
  },
  'a copied link, by the way of an emailed one': async () => {
    const jti = await copied(await invitee(await actNamed('cat'), NELL))
    await accept(somebody(), jti, { userId: nell.userId, passwordHash: '$scrypt$new', name: null, shown: [], keep: [] })
  },
  'a link that an admin copies now': async () => {
    const { memberId } = await invitee(await actNamed('cat'), NELL)
    const page = await (await (await signedIn('cat')).post(`/w/globex/access/users/${memberId}/copy-link`)).text()
    const link = page.match(/\/invitation\?token=[^"]+/)?.[0]
    if (link) await (await open(holder, link)).post('/accept', { password: PASSWORD })
  },
  'an emailed link, by joining instead of taking over': async () => {
    const { jti } = await invitee(await actNamed('cat'), NELL)
    await accept(somebody(), jti, { userId: nell.userId })
  },
  'an emailed link, signed in and without a new password': async () => {
    await invitee(await actNamed('cat'), NELL)
    await (await openInvitation(holder, NELL)).post('/accept')
  },
  'a join link, signed in to the account': async () => {
    const jti = await proofFor(await joinLink({}, await actNamed('cat')), NELL)
    await join(somebody(), jti, { ...MAKER, email: NELL, name: null, userId: nell.userId })
  },
  'a join link, as somebody new': async () => {
    const jti = await proofFor(await joinLink({}, await actNamed('cat')), NELL)
    await join(somebody(), jti, { ...MAKER, email: NELL, name: null, passwordHash: '$scrypt$new' })
  },
  'a request that an admin approves': async () => {
    const jti = await proofFor(await joinLink({ approval: true }, await actNamed('cat')), NELL)
    await askToJoin(somebody(), jti, { email: NELL, name: null, userId: nell.userId })
    await askToJoin(somebody(), jti, { email: NELL, name: null, userId: undefined })
    const request = await one<{ id: string }>('SELECT id FROM join_requests')
    await (await signedIn('cat')).post(`/w/globex/access/requests/${request?.id}/approve`)
    await (await openInvitation(holder, NELL)).post('/accept')
  },
  'a workspace that the operator adds, signed in and without a new password': async () => {
    const statements = add({ name: 'Initech', admin: typed(NELL), now: Date.now() })
    await env.DB.batch(statements.map((statement) => env.DB.prepare(`${statement}`)))
    await (await openInvitation(holder, NELL)).post('/accept')
  },
}

it.each(Object.keys(WAYS))('%s lets an unproven account into no second workspace', async (way) => {
  await WAYS[way]?.()

  expect(await one('SELECT proved_at FROM users WHERE id = ?', nell.userId)).toEqual({ proved_at: null })
  expect(await all('SELECT tenant_id FROM members WHERE user_id = ?', nell.userId)).toEqual([{ tenant_id: 'acme' }])
  expect(await all(NEVER['an unproven account in two workspaces'])).toEqual([])
})

it('would be noticed', async () => {
  const { memberId } = await invitee(await actNamed('cat'), NELL)
  await run("UPDATE invitations SET state = 'cancelled', closed_at = 1, write_nonce = 'x' WHERE member_id = ?", memberId)
  await run("UPDATE members SET status = 'active', user_id = ?, joined_at = 1 WHERE id = ?", nell.userId, memberId)

  expect(await all(NEVER['an unproven account in two workspaces'])).toEqual([{ id: nell.userId }])
})

it('the emailed link lets its reader in, with the account of their own', async () => {
  await invitee(await actNamed('cat'), NELL)
  await (await openInvitation(holder, NELL)).post('/accept', { password: PASSWORD, name: 'Nell Ito' })

  expect(await all('SELECT tenant_id FROM members WHERE user_id = ? ORDER BY tenant_id', nell.userId)).toEqual([
    { tenant_id: 'acme' },
    { tenant_id: 'globex' },
  ])
})
