import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, invitee, NO_CAPS, typed, viewerNamed } from '../../test/cast'
import { all, dump, one, run } from '../../test/database'
import { connect } from '../db/connect'
import { accept } from './acceptance'
import { forgetAddresses, forgetMails } from './activity'
import { cancel, decline } from './invitation'
import { remove } from './membership'
import { changeAddress } from './reissue'
import type { Viewer } from './viewer'

const db = connect(env.DB)
const DAY = 24 * 60 * 60_000
const RETENTION = 90 * DAY
const NOW = Date.now()
const LONG_AGO = NOW - RETENTION - 1
let ada: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
})

const forget = (now = NOW) => db.batch([forgetAddresses(db, now), forgetMails(db, now)])
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
