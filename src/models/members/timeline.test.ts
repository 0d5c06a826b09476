import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { run } from '../../../test/database'
import { rowsReadBy } from '../../../test/people'
import { exactly } from '../../../views/components/when'
import { connect } from '../../db/connect'
import { invitationsOf, mailEventsOf, mailsOf, timelineOf } from './timeline'

const db = connect(env.DB)
const NOW = Date.now()
const MINUTE = 60_000

const at = (tenantId = 'acme') => ({ db, secretHash: '', tenantId, now: NOW })

const read = (id = 'pia', tenant = 'acme') =>
  Promise.all([invitationsOf(at(tenant), id), mailsOf(at(tenant), id), mailEventsOf(at(tenant), id)])

const timeline = async (now = NOW) => timelineOf(...(await read()), now)
const kinds = async (now = NOW) => (await timeline(now)).map(({ kind }) => kind)

let events = 0
const event = (kind: string, minutesAgo: number, reason: string | null = null, attempt: number | null = null) =>
  run(
    "INSERT INTO mail_events (id, mail_id, kind, attempt, reason, at) VALUES (?, 'mail-pia', ?, ?, ?, ?)",
    `event-${++events}`,
    kind,
    attempt,
    reason,
    NOW - minutesAgo * MINUTE,
  )

it('tells what became of an email in the order in which it happened, newest first', async () => {
  await event('postponed', 30, 'provider_status', 1)
  await event('delivered', 10)
  await event('sent', 20, null, 2)
  await run("UPDATE invitations SET opened_at = ? WHERE member_id = 'pia'", NOW - 5 * MINUTE)

  expect(await timeline()).toMatchObject([
    { kind: 'opened' },
    { kind: 'delivered', mail: { kind: 'invitation', to: 'pia@acme.test' } },
    { kind: 'sent', attempts: { from: 2, to: 2 } },
    { kind: 'postponed', attempts: { from: 1, to: 1 }, why: { reason: 'provider_status', detail: null } },
    { kind: 'queued' },
  ])
})

it('folds attempts that failed alike into one moment, and no others', async () => {
  for (let attempt = 1; attempt <= 4; attempt++) await event('postponed', 60 - attempt, 'provider_unreachable', attempt)
  await event('postponed', 50, 'provider_status', 5)
  expect((await timeline()).map(({ kind, attempts }) => [kind, attempts])).toEqual([
    ['postponed', { from: 5, to: 5 }],
    ['postponed', { from: 1, to: 4 }],
    ['queued', undefined],
  ])
})

it('a link that expires says so from that moment on, and one replaced before does not', async () => {
  const later = NOW + 100 * 60 * MINUTE
  expect(await kinds(later)).toEqual(['expired', 'queued'])
  await run("UPDATE invitations SET state = 'superseded', closed_at = ?, write_nonce = 'c' WHERE member_id = 'pia'", NOW)
  expect(await kinds(later)).toEqual(['superseded', 'queued'])
})

it('a resend closes one link before it queues the email of the next', async () => {
  await run("UPDATE mails SET created_at = created_at - 120000 WHERE id = 'mail-pia'")
  const ada = await signedIn('ada')
  expect((await ada.post('/w/acme/access/users/pia/resend')).status).toBe(303)
  expect(await kinds(Date.now())).toEqual(['queued', 'superseded', 'queued'])
})

it('an email from before its events were kept tells what became of it', async () => {
  await run("UPDATE mails SET state = 'failed', reason = 'provider_refused' WHERE id = 'mail-pia'")
  expect(await timeline()).toMatchObject([{ kind: 'failed', why: { reason: 'provider_refused' } }, { kind: 'queued' }])
})

it('shows nothing of a member of another workspace, and reads nobody else', async () => {
  await event('sent', 1, null, 1)
  expect(await read('pia', 'globex')).toEqual([[], [], []])
  expect(await rowsReadBy(mailEventsOf(at(), 'pia'))).toBeLessThan(10)
})

it('the page of a member names each moment, its time and its reason', async () => {
  await event('bounced', 3, 'no_mailbox')
  const page = await (await (await signedIn('ada')).get('/w/acme/access/users/pia')).text()
  expect(page).toContain('Invitation bounced')
  expect(page).toContain('There is no mailbox with this address.')
  expect(page).toContain(`title="${exactly(NOW - 3 * MINUTE)}"`)
})

it('tells how often an email was tried for one reason, though only the first attempt is in its history', async () => {
  await event('postponed', 60, 'provider_unreachable', 1)
  await event('postponed', 50, 'provider_status', 4)
  await run("UPDATE mails SET attempts = 9 WHERE id = 'mail-pia'")
  const attempts = async () => (await timeline()).flatMap(({ attempts }) => attempts ?? [])
  expect(await attempts()).toEqual([
    { from: 4, to: 9 },
    { from: 1, to: 3 },
  ])

  await event('sent', 10, null, 9)
  expect(await attempts()).toEqual([
    { from: 9, to: 9 },
    { from: 4, to: 8 },
    { from: 1, to: 3 },
  ])
})
