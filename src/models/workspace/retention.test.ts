import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, IP, invitee, NO_CAPS, typed, viewerNamed } from '../../../test/cast'
import { Client } from '../../../test/client'
import { all, dump, linkIn, one, run } from '../../../test/database'
import { rowsReadBy } from '../../../test/people'
import { scansOf } from '../../../test/plan'
import { runCron } from '../../cron'
import { connect } from '../../db/connect'
import { readEnv } from '../../env'
import { forgotPassword, resetPassword } from '../identity/password-reset'
import { pruneSessions } from '../identity/session'
import { pruneThrottles } from '../identity/throttle'
import { accept } from '../invitations/acceptance'
import { cancel, decline } from '../invitations/invite'
import { changeAddress, resend } from '../invitations/resend'
import { remove } from '../members/membership'
import type { Viewer } from '../members/viewer'
import {
  forgetAddresses,
  pruneAccountMails,
  pruneInvitations,
  pruneMails,
  prunePasswordResets,
  pruneSetupTokens,
  ROWS,
} from './retention'

const db = connect(env.DB)
const DAY = 24 * 60 * 60_000
const RETENTION = 90 * DAY
const NOW = Date.now()
const LONG_AGO = NOW - RETENTION - 1
let ada: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
})

const forget = (now = NOW) => db.batch([forgetAddresses(db, now), pruneMails(db, now)])
const named = async (address: string) => {
  const entries = await all(
    'SELECT 1 FROM activity WHERE instr(member_email || before || after, ?) OR member_email = ?',
    address,
    address,
  )
  const mails = await all('SELECT 1 FROM mails WHERE to_key = ? OR to_email = ?', address, address)
  return [entries.length, mails.length]
}
const entriesAbout = (memberId: string) => all('SELECT kind FROM activity WHERE member_id = ? ORDER BY at, kind', memberId)

it('a complaint finds its mail for thirty days, however short the retention and whoever is gone', async () => {
  await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'acme'", DAY)
  const nell = await invitee(ada, 'nell@acme.test', NOW - 29 * DAY)
  await cancel(db, ada, actorFor(ada), nell.memberId, NOW - 29 * DAY)
  await forget()
  expect(await named('nell@acme.test')).toEqual([0, 1])
  await forget(NOW + 2 * DAY)
  expect(await named('nell@acme.test')).toEqual([0, 0])
})

describe('the address of somebody who never joined', () => {
  it.each(['cancelled', 'declined'])('and was %s is forgotten after the retention, and the entries stay', async (how) => {
    const nell = await invitee(ada, 'nell@acme.test', LONG_AGO)
    if (how === 'cancelled') await cancel(db, ada, actorFor(ada), nell.memberId, LONG_AGO)
    else await decline(db, nell.jti, actorFor(ada), LONG_AGO)
    expect(await named('nell@acme.test')).toEqual([2, 1])
    await forget()
    expect(await named('nell@acme.test')).toEqual([0, 0])
    expect(await entriesAbout(nell.memberId)).toEqual(
      [{ kind: how }, { kind: 'invited' }].toSorted((a, b) => a.kind.localeCompare(b.kind)),
    )
  })

  it('is forgotten in both spellings after it was corrected', async () => {
    const nell = await invitee(ada, 'nell@acme.test', LONG_AGO)
    await changeAddress(db, ada, actorFor(ada), nell.memberId, typed('nell.new@acme.test'), NO_CAPS, LONG_AGO)
    await cancel(db, ada, actorFor(ada), nell.memberId, LONG_AGO)
    await forget()
    expect([await named('nell@acme.test'), await named('nell.new@acme.test')]).toEqual([
      [0, 0],
      [0, 0],
    ])
    const change = await one("SELECT member_email, before, after FROM activity WHERE kind = 'address_changed'")
    expect(change).toEqual({ member_email: null, before: null, after: null })
  })

  it('stays until the retention of their own workspace has passed', async () => {
    const nell = await invitee(ada, 'nell@acme.test', LONG_AGO)
    await cancel(db, ada, actorFor(ada), nell.memberId, LONG_AGO)
    await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'acme'", RETENTION + DAY)
    await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'globex'", DAY)
    const before = await dump()
    await forget()
    expect(await dump()).toEqual(before)
    await forget(NOW + DAY)
    expect(await named('nell@acme.test')).toEqual([0, 0])
  })
})

describe('nothing is forgotten of', () => {
  it('somebody who is still pending', async () => {
    await invitee(ada, 'nell@acme.test', LONG_AGO)
    const before = await dump()
    await forget(NOW + 2 * RETENTION)
    expect(await dump()).toEqual(before)
  })

  it('somebody who joined, before or after they were deleted', async () => {
    const nell = await invitee(ada, 'nell@acme.test', LONG_AGO)
    await accept(db, nell.jti, { passwordHash: env.TEST_PASSWORD_HASH, name: null }, '203.0.113.7', LONG_AGO)
    const joined = await dump()
    await forget()
    expect(await dump()).toEqual(joined)
    await remove(db, ada, actorFor(ada), nell.memberId, LONG_AGO)
    const before = await all('SELECT * FROM activity')
    await forget()
    expect(await all('SELECT * FROM activity')).toEqual(before)
  })
})

const ago = (days: number) => NOW - days * DAY
const night = (now = NOW) => runCron(readEnv(env), '17 3 * * *', now)
const left = async (table: string) => (await all<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id)

describe('a closed invitation', () => {
  it('goes with its mail, events and notices once the retention has passed, and its link gets the neutral page', async () => {
    const nell = await invitee(ada, 'nell@acme.test', ago(100))
    const link = await linkIn('nell@acme.test')
    await accept(db, nell.jti, { passwordHash: env.TEST_PASSWORD_HASH, name: null }, IP, ago(99))
    await run("INSERT INTO mail_events (id, mail_id, kind, at) VALUES ('event-1', ?, 'sent', 1)", nell.mailId)
    expect(await left('notices')).toHaveLength(1)
    await night()

    const rows = await Promise.all(['invitations', 'mails', 'mail_events', 'notices'].map(left))
    expect(rows).toEqual([['invitation-pia'], ['mail-pia'], [], []])
    const browser = new Client()
    expect((await browser.get(link)).status).toBe(303)
    const page = await browser.get('/invitation')
    expect([page.status, await page.text()]).toEqual([410, expect.stringContaining('This link cannot be used')])
    expect(await one("SELECT status FROM members WHERE email_key = 'nell@acme.test'")).toEqual({ status: 'active' })
  })

  it('explains itself for thirty days after it lapsed, however short the retention', async () => {
    await run('UPDATE tenants SET address_retention_ms = ?', DAY)
    const nell = await invitee(ada, 'nell@acme.test', ago(32))
    await cancel(db, ada, actorFor(ada), nell.memberId, ago(31))
    await night(NOW)
    expect(await one('SELECT state FROM invitations WHERE jti = ?', nell.jti)).toEqual({ state: 'cancelled' })
    await night(NOW + 2 * DAY)
    expect(await one('SELECT state FROM invitations WHERE jti = ?', nell.jti)).toBeUndefined()
  })

  it('stays while its own workspace keeps it, and so does one that is open, lapsed or not', async () => {
    await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'acme'", 365 * DAY)
    await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'globex'", DAY)
    const nell = await invitee(ada, 'nell@acme.test', ago(200))
    await cancel(db, ada, actorFor(ada), nell.memberId, ago(199))
    await invitee(ada, 'ove@acme.test', ago(500))
    await night()
    expect(await left('invitations')).toHaveLength(3)
  })
})

describe('a mail', () => {
  const sent = (at: number) => run("UPDATE mails SET state = 'sent', created_at = ? WHERE id = 'mail-pia'", at)

  it('about a link that may still be used stays, or its badge would change', async () => {
    await run('UPDATE tenants SET address_retention_ms = ?', DAY)
    await sent(ago(400))
    await night()
    expect(await left('mails')).toEqual(['mail-pia'])
  })

  it('about an older link goes after the retention, and not within thirty days', async () => {
    await run('UPDATE tenants SET address_retention_ms = ?', DAY)
    await resend(db, ada, actorFor(ada), 'pia', NO_CAPS, NOW)
    await sent(ago(29))
    await night()
    expect(await left('mails')).toHaveLength(2)
    await sent(ago(31))
    await night()
    expect(await left('mails')).not.toContain('mail-pia')
    expect(await left('mails')).toHaveLength(1)
  })

  it('that is still queued stays, for the sweep to settle', async () => {
    await resend(db, ada, actorFor(ada), 'pia', NO_CAPS, NOW)
    await run("UPDATE mails SET created_at = ? WHERE id = 'mail-pia'", ago(400))
    await night()
    expect(await left('mails')).toContain('mail-pia')
  })
})

it('a reset goes with its mail thirty days after its link lapsed, and the mail that a password changed after ninety', async () => {
  await forgotPassword(db, typed('bob@acme.test'), IP, NO_CAPS, ago(31))
  const reset = await one<{ jti: string }>('SELECT jti FROM password_resets')
  await resetPassword(db, reset?.jti ?? '', env.TEST_PASSWORD_HASH, 'mail-changed', IP, ago(31))
  await run("UPDATE mails SET state = 'sent'")
  await forgotPassword(db, typed('bob@acme.test'), IP, NO_CAPS, ago(29))
  await night()
  expect([await left('password_resets'), await left('mails')]).toEqual([
    [expect.any(String)],
    ['mail-changed', 'mail-pia', expect.any(String)].toSorted(),
  ])
  await night(NOW + 60 * DAY)
  expect([await left('password_resets'), await left('mails')]).toEqual([[], ['mail-pia']])
})

it('a set-up link goes when it lapses', async () => {
  await run('INSERT INTO setup_tokens VALUES (?, ?), (?, ?)', 'a'.repeat(64), NOW, 'b'.repeat(64), NOW + 1)
  await night()
  expect(await all('SELECT expires_at FROM setup_tokens')).toEqual([{ expires_at: NOW + 1 }])
})

it('a used token is forgotten by KV itself when its link lapses', async () => {
  const browser = new Client()
  await browser.get(await linkIn('pia@acme.test'))
  await browser.post('/invitation/accept', { password: 'plum teapot orbit canyon' })
  const { keys } = await env.USED_TOKENS.list()
  const link = await one<{ expires_at: number }>("SELECT expires_at FROM invitations WHERE id = 'invitation-pia'")
  expect(keys).toEqual([expect.objectContaining({ expiration: expect.closeTo((link?.expires_at ?? 0) / 1000, -1) })])
})

describe('within bounds a run,', () => {
  const series = (count: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) `

  /** So many closed invitations with a settled mail each, resets, mails about accounts, sessions, throttles and entries of that time. */
  async function crowd(count: number, at: number, name = 'crowd') {
    const id = `'${name}-' || i`
    const jti = `substr('${name}' || i || '${'-'.repeat(43)}', 1, 43)`
    const fill = (into: string, values: string) => run(`INSERT INTO ${into} ${series(count)} SELECT ${values} FROM n`)
    await fill(
      'invitations (id, tenant_id, kind, jti, inviter_name, state, created_at, expires_at, closed_at, claim)',
      `${id}, 'acme', 'invite', ${jti}, 'Ada', 'cancelled', ${at}, ${at + 1}, ${at + 1}, ${id}`,
    )
    await fill(
      'mails (id, tenant_id, kind, to_email, to_key, invitation_id, state, created_at)',
      `${id}, 'acme', 'invitation', ${id}, ${id}, ${id}, 'sent', ${at}`,
    )
    await fill(
      'mails (id, kind, to_email, to_key, state, created_at)',
      `'account-' || ${id}, 'password_changed', 'a', 'a', 'sent', ${at}`,
    )
    await fill(
      'password_resets (id, user_id, jti, state, created_at, expires_at, closed_at, claim)',
      `${id}, 'user-bob', ${jti}, 'used', ${at}, ${at + 1}, ${at + 1}, ${id}`,
    )
    await fill(
      'sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at)',
      `${id}, substr(${jti} || ${jti}, 1, 64), 'user-bob', '', '', ${at}, ${at}, ${at}`,
    )
    await fill('throttles', `${id}, 1, ${at}, ${at}`)
    await fill('activity (id, tenant_id, at, kind, member_id, member_email)', `${id}, 'acme', ${at}, 'invited', ${id}, ${id}`)
  }

  const TASKS = {
    forgetAddresses,
    pruneMails,
    pruneAccountMails,
    pruneInvitations,
    prunePasswordResets,
    pruneSetupTokens,
    pruneSessions,
    pruneThrottles,
  }

  it.each(Object.entries(TASKS))('%s walks through no table but that of the workspaces', async (_, task) => {
    const { sql, params = [] } = task(db, NOW).toSQL()
    expect((await scansOf(sql, params)).filter((step) => step !== 'SCAN t')).toEqual([])
  })

  it.each(Object.entries(TASKS))('%s reads no more for a thousand rows that are kept', async (_, task) => {
    await crowd(10, ago(0) + 60_000, 'few')
    const few = await rowsReadBy(task(db, NOW))
    await crowd(1000, ago(0) + 60_000)
    expect(await rowsReadBy(task(db, NOW))).toBe(few)
  })

  it('a statement takes away so many, and a night repeats it until all are gone', async () => {
    await crowd(ROWS + 1, ago(200))
    const counted = () =>
      Promise.all(['password_resets', 'invitations', 'sessions'].map(async (table) => (await left(table)).length))
    await db.batch([prunePasswordResets(db, NOW), pruneInvitations(db, NOW), pruneSessions(db, NOW)])
    expect(await counted()).toEqual([1, 2, ROWS + 2 - 500])
    await night()
    expect((await counted()).slice(0, 2)).toEqual([0, 1])
    expect(await left('mails')).toEqual(['mail-pia'])
    expect(await all("SELECT 1 FROM activity WHERE member_email LIKE 'crowd%'")).toEqual([])
  })
})
