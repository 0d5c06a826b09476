import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { run } from '../../../test/database'
import { people, rowsReadBy } from '../../../test/people'
import { connect } from '../../db/connect'
import { DAY_MS } from '../../limits'
import { LATE_MS } from './attention'
import { troubleCounts } from './counts'
import { type Filter, type Member, membersPage, type Status, toMembers } from './member'

const db = connect(env.DB)
const NOW = Date.now()

const at = (now = NOW, tenantId = 'acme') => ({ db, secretHash: '', tenantId, now })

const listed = (status: Status | undefined, ...when: Parameters<typeof at>) =>
  membersPage(at(...when), { q: '', status, role: undefined, cursor: '' } satisfies Filter)

const idsOf = async (...asked: Parameters<typeof listed>) => (await listed(...asked)).map(({ id }) => id)
const count = async (...when: Parameters<typeof at>) => (await troubleCounts(at(...when)))[0]?.attention

async function pia(now = NOW): Promise<Member | undefined> {
  return toMembers(await listed(undefined, now), now).members.find(({ id }) => id === 'pia')
}

const mailIs = (state: string, reason: string | null = null, createdAt = NOW - 60_000) =>
  run("UPDATE mails SET state = ?, reason = ?, created_at = ? WHERE id = 'mail-pia'", state, reason, createdAt)

const newerMail = (kind: string, state: string) =>
  run(
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
     VALUES ('newer', 'acme', 'pia', ?, 'pia@acme.test', 'pia@acme.test', 'invitation-pia', ?, ?)`,
    kind,
    NOW,
    state,
  )

/** Each with an open invitation and its mail. */
async function invited(ids: string[], mailState: string, { expiresAt = NOW + DAY_MS, createdAt = NOW - DAY_MS } = {}) {
  const all = JSON.stringify(ids)
  await run(
    `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
     SELECT 'i-' || value, 'acme', value, 'invite', substr(value || printf('%043d', 0), 1, 43), 'Ada', 'open', ?, ? FROM json_each(?)`,
    createdAt,
    expiresAt,
    all,
  )
  await run(
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
     SELECT 'x-' || value, 'acme', value, 'invitation', value, value, 'i-' || value, ?, ? FROM json_each(?)`,
    createdAt,
    mailState,
    all,
  )
}

describe('an invitation', () => {
  it.each(['bounced', 'complained', 'failed'])('whose newest mail is %s has bounced, and needs attention', async (state) => {
    await mailIs(state, 'no_mailbox')
    expect(await pia()).toMatchObject({ state: 'bounced', mail: { state, reason: 'no_mailbox' } })
    expect([await idsOf('bounced'), await idsOf('attention'), await idsOf('pending')]).toEqual([['pia'], ['pia'], []])
    expect(await count()).toBe(1)
  })

  it('has bounced also when it has expired since, and is listed once', async () => {
    await mailIs('bounced')
    const later = NOW + 40 * DAY_MS
    expect((await pia(later))?.state).toBe('bounced')
    expect([await idsOf('bounced', later), await idsOf('expired', later)]).toEqual([['pia'], []])
    expect([await idsOf('attention', later), await count(later)]).toEqual([['pia'], 1])
  })

  it('needs no attention any more once a newer mail of it has gone out', async () => {
    await mailIs('bounced')
    await newerMail('reminder', 'sent')
    expect((await pia())?.state).toBe('pending')
    expect([await idsOf('attention'), await idsOf('bounced'), await idsOf('pending')]).toEqual([[], [], ['pia']])
    expect(await count()).toBe(0)
  })

  it('is not blamed for the bounced mail of an earlier one', async () => {
    await mailIs('bounced')
    await run("UPDATE invitations SET state = 'superseded', closed_at = 1, write_nonce = 'c' WHERE id = 'invitation-pia'")
    await run(
      `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
       VALUES ('fresh', 'acme', 'pia', 'resend', printf('%043d', 1), 'Ada', 'open', ?, ?)`,
      NOW,
      NOW + DAY_MS,
    )
    expect(await pia()).toMatchObject({ state: 'pending', mail: null })
    expect([await idsOf('attention'), await count()]).toEqual([[], 0])
  })

  it('needs attention from the quarter of an hour on in which its mail has not left the queue', async () => {
    await mailIs('queued', 'provider_status', NOW - LATE_MS)
    expect((await pia())?.mail?.late).toBe(true)
    expect((await pia(NOW - 1))?.mail?.late).toBe(false)
    expect([await idsOf('attention'), await idsOf('attention', NOW - 1)]).toEqual([['pia'], []])
    expect([await count(), await count(NOW - 1)]).toEqual([1, 0])
  })

  it('needs attention when it has expired, and nobody elsewhere hears of it', async () => {
    await mailIs('sent')
    const later = NOW + 4 * DAY_MS
    expect([await idsOf('attention', later), await count(later)]).toEqual([['pia'], 1])
    expect([await idsOf('attention', later, 'globex'), await count(later, 'globex')]).toEqual([[], 0])
  })
})

it('counting and listing the troubled reads nothing of those who are well', async () => {
  const cost = async () => [
    await rowsReadBy(troubleCounts(at())),
    await rowsReadBy(listed('attention')),
    await rowsReadBy(listed('bounced')),
    await rowsReadBy(listed('expired')),
  ]
  await invited(await people(3), 'bounced')
  await invited(await people(3, 3), 'queued')
  await invited(await people(3, 6), 'sent', { expiresAt: NOW - 1 })
  const small = await cost()
  await invited(await people(2000, 9), 'delivered')
  expect(await cost()).toEqual(small)
  expect(small[0]).toBeLessThan(80)
})
