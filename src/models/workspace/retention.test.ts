import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { Client } from '../../../test/client'
import { all, dump, linkIn, one, run } from '../../../test/database'
import { pageOf, tokenOf } from '../../../test/links'
import { rowsReadBy } from '../../../test/people'
import { scansOf } from '../../../test/plan'
import { runCron } from '../../cron'
import { connect } from '../../db/connect'
import { readEnv } from '../../env'
import { SESSION } from '../../limits'
import { forgetAddresses, forgetJudged, JUDGED } from '../activity/forget'
import type { MemberAct } from '../core/act'
import { resetPassword } from '../identity/password-reset'
import { pruneSessions } from '../identity/session'

import { accept } from '../invitations/acceptance'
import { changeAddress } from '../invitations/address-change'
import { cancel } from '../invitations/cancel'
import { decline } from '../invitations/decline'
import { forgotPassword } from '../invitations/forgotten'
import { resend } from '../invitations/resend'
import { remove } from '../members/membership'
import { pruneUndos } from '../undo/undo'
import {
  pruneAccountMails,
  pruneDepartures,
  pruneInvitations,
  pruneMails,
  prunePasswordResets,
  pruneReviews,
  pruneSetupTokens,
  pruneUsers,
  ROWS,
} from './retention'

const db = connect(env.DB)
const DAY = 24 * 60 * 60_000
const RETENTION = 90 * DAY
const NOW = Date.now()
const LONG_AGO = NOW - RETENTION - 1
let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada', NOW)
})

/** Ada at another time. */
const adaAt = (now: number): MemberAct => ({ ...ada, now })

const forget = (now = NOW) => db.batch([...forgetAddresses(db, now), pruneMails(db, now)])
const named = async (address: string) => {
  const entries = await all(
    'SELECT 1 FROM activity WHERE instr(member_email || before || after, ?) OR member_email = ?',
    address,
    address,
  )
  const mails = await all('SELECT 1 FROM mails WHERE to_key = ? OR to_email = ?', address, address)
  return [entries.length, mails.length]
}
const namesOf = async (memberId: string) =>
  (await all<{ name: string | null }>('SELECT member_name AS name FROM activity WHERE member_id = ?', memberId)).map(
    ({ name }) => name,
  )
const entriesAbout = (memberId: string) => all('SELECT kind FROM activity WHERE member_id = ? ORDER BY at, kind', memberId)

it('a complaint finds its mail for thirty days, however short the retention and whoever is gone', async () => {
  await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'acme'", DAY)
  const nell = await invitee(adaAt(NOW - 29 * DAY), 'nell@acme.test')
  await cancel(adaAt(NOW - 29 * DAY), nell.memberId)
  await forget()
  expect(await named('nell@acme.test')).toEqual([0, 1])
  await forget(NOW + 2 * DAY)
  expect(await named('nell@acme.test')).toEqual([0, 0])
})

describe('the address of somebody who never joined', () => {
  it.each(['cancelled', 'declined'])('and was %s is forgotten after the retention, and the entries stay', async (how) => {
    const nell = await invitee(adaAt(LONG_AGO), 'nell@acme.test', 'Nell Oduya')
    if (how === 'cancelled') await cancel(adaAt(LONG_AGO), nell.memberId)
    else await decline(somebody(LONG_AGO), nell.jti, { never: false })
    expect(await named('nell@acme.test')).toEqual([2, 1])
    expect(await namesOf(nell.memberId)).toEqual(['Nell Oduya', 'Nell Oduya'])
    await forget()
    expect(await named('nell@acme.test')).toEqual([0, 0])
    expect(await namesOf(nell.memberId)).toEqual([null, null])
    expect(await entriesAbout(nell.memberId)).toEqual(
      [{ kind: how }, { kind: 'invited' }].toSorted((a, b) => a.kind.localeCompare(b.kind)),
    )
  })

  it('is forgotten in both spellings after it was corrected', async () => {
    const nell = await invitee(adaAt(LONG_AGO), 'nell@acme.test')
    await changeAddress(adaAt(LONG_AGO), nell.memberId, typed('nell.new@acme.test'), NO_CAPS)
    await cancel(adaAt(LONG_AGO), nell.memberId)
    await forget()
    expect([await named('nell@acme.test'), await named('nell.new@acme.test')]).toEqual([
      [0, 0],
      [0, 0],
    ])
    const change = await one("SELECT member_email, before, after FROM activity WHERE kind = 'address_changed'")
    expect(change).toEqual({ member_email: null, before: null, after: null })
  })

  it('stays until the retention of their own workspace has passed', async () => {
    const nell = await invitee(adaAt(LONG_AGO), 'nell@acme.test')
    await cancel(adaAt(LONG_AGO), nell.memberId)
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
  /** All but how far a workspace has come with it. */
  async function kept() {
    const { tenants: _, ...tables } = await dump()
    return tables
  }

  it('somebody who is still pending', async () => {
    await invitee(adaAt(LONG_AGO), 'nell@acme.test')
    const before = await kept()
    await forget(NOW + 2 * RETENTION)
    expect(await kept()).toEqual(before)
  })

  it('somebody who is pending, until they go: then at once, of what the retention has passed for', async () => {
    const nell = await invitee(adaAt(LONG_AGO), 'nell@acme.test')
    await changeAddress(adaAt(NOW), nell.memberId, typed('nell.new@acme.test'), NO_CAPS)
    await forget()
    expect(await named('nell@acme.test')).toEqual([2, 1])
    await cancel(ada, nell.memberId)
    const entries = await all('SELECT kind, member_email FROM activity WHERE member_id = ? ORDER BY at, kind', nell.memberId)
    expect(entries).toEqual([
      { kind: 'invited', member_email: null },
      { kind: 'address_changed', member_email: 'nell@acme.test' },
      { kind: 'cancelled', member_email: 'nell.new@acme.test' },
    ])
    await forget(NOW + RETENTION + 1)
    expect(await named('nell.new@acme.test')).toEqual([0, 0])
  })

  it('somebody who joined, before or after they were deleted', async () => {
    const nell = await invitee(adaAt(LONG_AGO), 'nell@acme.test')
    await accept(somebody(LONG_AGO), nell.jti, { passwordHash: env.TEST_PASSWORD_HASH, name: null })
    const joined = await kept()
    await forget()
    expect(await kept()).toEqual(joined)
    await remove(adaAt(LONG_AGO), { id: nell.memberId })
    const before = await all('SELECT * FROM activity')
    await forget()
    expect(await all('SELECT * FROM activity')).toEqual(before)
  })
})

const ago = (days: number) => NOW - days * DAY
const night = (now = NOW) => runCron(readEnv(env), '17 3 * * *', now)
const left = async (table: string) => (await all<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id)

it('an access review goes after three years, with its people', async () => {
  const started = (id: string, days: number) =>
    run(
      "INSERT INTO reviews (tenant_id, id, state, started_at, started_by) VALUES ('acme', ?, 'finished', ?, 'ada')",
      id,
      ago(days),
    )
  await started('old', 3 * 365 + 1)
  await started('young', 3 * 365 - 1)
  await run(`INSERT INTO review_people (tenant_id, review_id, place, member_id, email, email_key, role, status, shown, agents)
    SELECT tenant_id, id, 1, 'bob', '', '', 'user', 'active', '{}', 'null' FROM reviews`)
  await night()
  expect([await left('reviews'), await all('SELECT review_id FROM review_people')]).toEqual([['young'], [{ review_id: 'young' }]])
})

describe('a closed invitation', () => {
  it('goes with its mail, events and notices once the retention has passed, and its link gets the neutral page', async () => {
    const nell = await invitee(adaAt(ago(100)), 'nell@acme.test')
    const link = await linkIn('nell@acme.test')
    await accept(somebody(ago(99)), nell.jti, { passwordHash: env.TEST_PASSWORD_HASH, name: null })
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

  it('explains itself for thirty days after it expired, however short the retention', async () => {
    await run('UPDATE tenants SET address_retention_ms = ?', DAY)
    const nell = await invitee(adaAt(ago(32)), 'nell@acme.test')
    await cancel(adaAt(ago(31)), nell.memberId)
    await night(NOW)
    expect(await one('SELECT state FROM invitations WHERE jti = ?', nell.jti)).toEqual({ state: 'cancelled' })
    await night(NOW + 2 * DAY)
    expect(await one('SELECT state FROM invitations WHERE jti = ?', nell.jti)).toBeUndefined()
  })

  it('stays while its own workspace keeps it, and so does one that is open, expired or not', async () => {
    await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'acme'", 365 * DAY)
    await run("UPDATE tenants SET address_retention_ms = ? WHERE id = 'globex'", DAY)
    const nell = await invitee(adaAt(ago(200)), 'nell@acme.test')
    await cancel(adaAt(ago(199)), nell.memberId)
    await invitee(adaAt(ago(500)), 'ove@acme.test')
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
    await resend(ada, 'pia', NO_CAPS)
    await sent(ago(29))
    await night()
    expect(await left('mails')).toHaveLength(2)
    await sent(ago(31))
    await night()
    expect(await left('mails')).not.toContain('mail-pia')
    expect(await left('mails')).toHaveLength(1)
  })

  it('that is still queued stays, for the sweep to settle', async () => {
    await resend(ada, 'pia', NO_CAPS)
    await run("UPDATE mails SET created_at = ? WHERE id = 'mail-pia'", ago(400))
    await night()
    expect(await left('mails')).toContain('mail-pia')
  })
})

it('a reset goes with its mail thirty days after its link expired, and the mail that a password changed after ninety', async () => {
  await forgotPassword(somebody(ago(31)), typed('bob@acme.test'))
  const reset = await one<{ jti: string }>('SELECT jti FROM password_resets')
  await resetPassword(somebody(ago(31)), reset?.jti ?? '', { passwordHash: env.TEST_PASSWORD_HASH, mailId: 'mail-changed' })
  await run("UPDATE mails SET state = 'sent'")
  await forgotPassword(somebody(ago(29)), typed('bob@acme.test'))
  await night()
  expect([await left('password_resets'), await left('mails')]).toEqual([
    [expect.any(String)],
    ['mail-changed', 'mail-pia', expect.any(String)].toSorted(),
  ])
  await night(NOW + 60 * DAY)
  expect([await left('password_resets'), await left('mails')]).toEqual([[], ['mail-pia']])
})

it('a departure is kept for as long as a session from before can live', async () => {
  const at = NOW - SESSION.absoluteMs
  await run("INSERT INTO departures VALUES ('user-bob', 'acme', ?), ('user-cat', 'acme', ?)", at - 1, at)
  await night()
  expect(await all('SELECT user_id FROM departures')).toEqual([{ user_id: 'user-cat' }])
})

it('an account goes with its credentials when it has belonged nowhere for ninety days, and not a day before', async () => {
  await remove(ada, { id: 'bob' })
  const aloneSince = async () => (await one<{ at: number | null }>("SELECT alone_since AS at FROM users WHERE id = 'user-bob'"))?.at
  expect(await aloneSince()).toBeGreaterThan(NOW - DAY)
  await run("UPDATE users SET alone_since = ? WHERE id = 'user-bob'", NOW - 90 * DAY)
  await night()
  expect(await left('users')).toContain('user-bob')
  await night(NOW + 1)
  expect(await left('users')).not.toContain('user-bob')
  expect(await left('credentials')).not.toContain('password-bob')
  expect(await left('users')).toHaveLength(3)
})

it('an account that belongs somewhere again stays, and holds up nobody else', async () => {
  await remove(ada, { id: 'bob' })
  await run("UPDATE users SET alone_since = 1 WHERE id = 'user-bob'")
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('bob-2', 'globex', 'user-bob', 'bob@acme.test', 'bob@acme.test', 'user', 'active', 'all', 1, 1)`)
  expect(await one("SELECT alone_since FROM users WHERE id = 'user-bob'")).toEqual({ alone_since: null })
  await remove(ada, { id: 'dov' })
  await run("UPDATE users SET alone_since = 1 WHERE id IN ('user-bob', 'user-dov')")
  await night()
  expect(await left('users')).toContain('user-bob')
  expect(await left('users')).not.toContain('user-dov')
})

it('a set-up link goes when it expires', async () => {
  await run('INSERT INTO setup_tokens VALUES (?, ?), (?, ?)', 'a'.repeat(64), NOW, 'b'.repeat(64), NOW + 1)
  await night()
  expect(await all('SELECT expires_at FROM setup_tokens')).toEqual([{ expires_at: NOW + 1 }])
})

it('a used token is forgotten by KV itself when its link expires', async () => {
  const { accept } = await pageOf('pia@acme.test')
  await new Client().post(accept, { token: await tokenOf('pia@acme.test'), password: 'plum teapot orbit canyon' })
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
      'invitations (id, tenant_id, kind, jti, inviter_name, state, created_at, expires_at, closed_at, write_nonce)',
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
      'password_resets (id, user_id, jti, state, created_at, expires_at, closed_at, write_nonce)',
      `${id}, 'user-bob', ${jti}, 'used', ${at}, ${at + 1}, ${at + 1}, ${id}`,
    )
    await fill(
      'sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at)',
      `${id}, substr(${jti} || ${jti}, 1, 64), 'user-bob', '', '', ${at}, ${at}, ${at}`,
    )
    await fill('throttles', `${id}, 1, ${at}, ${at}`)
    await fill('activity (id, tenant_id, at, kind, member_id, member_email)', `${id}, 'acme', ${at}, 'invited', ${id}, ${id}`)
  }

  type At = Parameters<typeof forgetAddresses>
  const TASKS = {
    forgetAddresses: (...at: At) => forgetAddresses(...at)[0],
    'forgetAddresses, as judged,': (...at: At) => forgetAddresses(...at)[2],
    pruneMails,
    pruneAccountMails,
    pruneInvitations,
    prunePasswordResets,
    pruneDepartures,
    pruneUsers,
    'pruneUndos, their values,': (...at: At) => pruneUndos(...at, ROWS)[0],
    pruneUndos: (...at: At) => pruneUndos(...at, ROWS)[1],
    'pruneReviews, their people,': (...at: At) => pruneReviews(...at)[0],
    pruneReviews: (...at: At) => pruneReviews(...at)[1],
    pruneSetupTokens,
  }

  it.each(Object.entries(TASKS))(
    '%s walks through no table but the workspaces, what is gone soon, and an index with the time',
    async (_, task) => {
      const { sql, params = [] } = task(db, NOW).toSQL()
      const walks = (await scansOf(sql, params)).filter((step) => !/^SCAN (t|tenants|u|departures)\b/.test(step))
      expect(walks.filter((step) => !/^SCAN \w+ USING COVERING INDEX/.test(step))).toEqual([])
    },
  )

  /** How many rows of a crowd of one the index or table has that a task reads from end to end. */
  const READ: Partial<Record<keyof typeof TASKS, number>> = {
    pruneMails: 2,
    pruneAccountMails: 2,
    pruneInvitations: 1,
    prunePasswordResets: 1,
  }

  it.each(Object.entries(TASKS))(
    '%s reads no more for a thousand rows that are kept than each of them once',
    async (name, task) => {
      await crowd(10, ago(0) + 60_000, 'few')
      const few = await rowsReadBy(task(db, NOW))
      await crowd(1000, ago(0) + 60_000)
      expect((await rowsReadBy(task(db, NOW))) - few).toBe(1000 * (READ[name as keyof typeof TASKS] ?? 0))
    },
  )

  it('entries that have been judged once are not read again, night after night', async () => {
    await crowd(1000, ago(200))
    await run("UPDATE activity SET member_email = NULL WHERE member_id = 'crowd-1'")
    const [first] = forgetAddresses(db, NOW)
    const before = await rowsReadBy(first)
    await night()
    expect(await rowsReadBy(forgetAddresses(db, NOW + DAY)[0])).toBeLessThan(20)
    expect(before).toBeGreaterThan(1000)
  })

  it('of whoever is gone only their own entries are read, at night and when an invitation ends', async () => {
    await crowd(1000, ago(200))
    expect(await rowsReadBy(forgetAddresses(db, NOW)[0])).toBeLessThan(20_000)
    await night()
    const judged = forgetJudged({ ...ada, now: NOW }, sql`i.id = 'invitation-pia'`)
    expect(await rowsReadBy(judged)).toBeLessThan(20)
  })

  it('a workspace with more than a round of them is done in the same night', async () => {
    await run(`INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email)
      ${series(2 * JUDGED + 1)} SELECT 'crowd-' || i, 'acme', ${ago(200)} + i, 'invited', 'crowd-' || i, 'crowd-' || i FROM n`)
    await night()
    expect(await all('SELECT 1 FROM activity WHERE member_email IS NOT NULL AND at < ?', ago(100))).toEqual([])
  })

  it('a statement takes away so many, and a night repeats it until all are gone', async () => {
    await crowd(ROWS + 1, ago(200))
    const counted = () =>
      Promise.all(['password_resets', 'invitations', 'sessions'].map(async (table) => (await left(table)).length))
    await db.batch([prunePasswordResets(db, NOW), pruneInvitations(db, NOW), pruneSessions(db, NOW)])
    expect(await counted()).toEqual([1, 2, 1])
    await night()
    expect((await counted()).slice(0, 2)).toEqual([0, 1])
    expect(await left('mails')).toEqual(['mail-pia'])
    expect(await all("SELECT 1 FROM activity WHERE member_email LIKE 'crowd%'")).toEqual([])
  })
})
