import { env as bindings } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { somebody } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { alsoInGlobex } from '../../../test/factors'
import { readEnv } from '../../env'
import { DAY_MS, HOUR_MS } from '../../limits'
import { compose } from '../../mail/compose'
import { leaseMails } from '../mail/lease'
import { pruneFactorLinks } from '../workspace/retention'
import { type FactorLinkPurpose, factorLinkOf, startFactorLink, toFactorLink } from './factor-link'
import { RESET_WAITS_MS } from './password-reset'
import { jtiOf } from './token'

const env = readEnv(bindings)
const START = Date.now()

async function start(purpose: FactorLinkPurpose, now = START, askedIn?: string) {
  const [act, mailId] = [somebody(now), crypto.randomUUID()]
  const [, , [mail]] = await act.db.batch([
    ...startFactorLink(act, sql`u.id = 'user-bob'`, { purpose, mailId, ...(askedIn ? { askedIn } : {}) }),
  ])
  return mail?.id
}

async function linkOf(mailId: string | undefined, now = START) {
  const found = await one<{ jti: string }>(
    'SELECT f.jti FROM factor_links f JOIN mails x ON x.factor_link_id = f.id WHERE x.id = ?',
    mailId ?? '',
  )
  const [row] = await factorLinkOf(somebody(now), found?.jti ?? '')
  return row && toFactorLink(row, now)
}

async function letterOf(mailId: string | undefined, now = START) {
  const [mail] = await leaseMails(somebody(now), [mailId ?? ''])
  return mail?.letter && compose(env, { id: mail.id, to: mail.to }, mail.letter, now)
}

const addFactor = () =>
  run(
    "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('app', 'user-bob', 'totp', 'sealed', 1, 1)",
  )

describe('a link to set up a second factor', () => {
  it('is one at a time, and good for a day', async () => {
    const [older, newer] = [await start('first'), await start('first')]

    expect((await linkOf(older))?.state).toBe('superseded')
    expect((await linkOf(newer, START + DAY_MS - 1))?.state).toBe('open')
    expect((await linkOf(newer, START + DAY_MS))?.state).toBe('expired')
  })

  it('counts its day from its email, signed when it is sent', async () => {
    const mailId = await start('first')
    const sentAt = START + 5 * HOUR_MS
    const letter = await letterOf(mailId, sentAt)
    const found = await linkOf(mailId, sentAt)

    expect(found?.expiresAt).toBe(sentAt + DAY_MS)
    expect(letter?.subject).toBe('Set up your second factor')
    const token = letter?.text.match(/\/second-factor\?token=(\S+)/)?.[1] ?? ''
    expect(await jtiOf(env.FACTOR_LINK_KEYS, 'factor_link', token)).toBe(found?.jti)
  })

  it('that a newer one took the place of is not emailed any more', async () => {
    const [older, newer] = [await start('lost'), await start('lost')]
    expect(await letterOf(older)).toBeUndefined()
    expect((await letterOf(newer))?.text).toContain('/second-factor?token=')
  })

  it('that waited too long for its email has no more time than it had', async () => {
    const mailId = await start('lost')
    await leaseMails(somebody(START + RESET_WAITS_MS), [mailId ?? ''])
    expect((await linkOf(mailId))?.expiresAt).toBe(START + DAY_MS)
  })

  it('for the first one is emailed three times an hour, and to nobody who has one', async () => {
    for (const sent of [true, true, true, false]) expect((await start('first')) !== undefined).toBe(sent)
    await addFactor()
    expect(await start('first', START + 2 * HOUR_MS)).toBeUndefined()
    expect(await all("SELECT kind FROM mails WHERE kind = 'factor_link'")).toHaveLength(3)
  })

  it('for the first one is needless once there is one; for a lost one it is not', async () => {
    const first = await start('first')
    await addFactor()
    expect((await linkOf(first))?.state).toBe('needless')

    expect((await linkOf(await start('lost')))?.state).toBe('open')
  })

  it('that an admin asked for is none once its person belongs elsewhere, and that of the operator still is one', async () => {
    const [asked, byOperator] = [await start('lost', START, 'acme'), await start('lost')]
    await run("UPDATE factor_links SET state = 'open', closed_at = NULL, write_nonce = NULL")
    expect((await linkOf(asked))?.state).toBe('open')
    await alsoInGlobex()

    expect([(await linkOf(asked))?.state, (await linkOf(byOperator))?.state]).toEqual(['elsewhere', 'open'])
    await run("DELETE FROM members WHERE id = 'bob'")
    expect((await linkOf(asked))?.state, 'the admin who asked deleted them').toBe('elsewhere')
  })

  it('in the place of a lost one says who asked', async () => {
    expect((await letterOf(await start('lost', START, 'acme')))?.text).toContain('An admin of Acme asked us to email you a link')
    expect((await letterOf(await start('lost')))?.text).toContain('The people who run Latchkey asked us')
  })
})

it('a link that expired a month ago goes, and its email with it', async () => {
  const mailId = await start('lost')
  const left = async (now: number) => {
    await pruneFactorLinks(somebody().db, now)
    return [await all('SELECT id FROM factor_links'), await all('SELECT id FROM mails WHERE id = ?', mailId)].map(
      (rows) => rows.length,
    )
  }
  expect(await left(START + 31 * DAY_MS)).toEqual([1, 1])
  expect(await left(START + 31 * DAY_MS + 1)).toEqual([0, 0])
})
