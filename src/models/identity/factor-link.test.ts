import { env as bindings } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { actNamed, somebody } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { insertFactorLink } from '../../../test/factor-link'
import { alsoInGlobex } from '../../../test/factors'
import { readEnv } from '../../env'
import { DAY_MS, HOUR_MS } from '../../limits'
import { compose } from '../../mail/compose'
import { leaseMails } from '../mail/lease'
import { askFactorReset } from '../members/factor-reset'
import { pruneFactorLinks } from '../workspace/retention'
import { askForFactorLink } from './ask-factor-link'
import { factorLinkOf, toFactorLink } from './factor-link'
import { RESET_WAITS_MS } from './password-reset'
import { jtiOf } from './token'

const env = readEnv(bindings)
const START = Date.now()

/** Bob asks for it. */
const ask = (now = START) => askForFactorLink({ ...somebody(now), userId: 'user-bob', sessionId: '' })

/** Ada asks for it, an admin of his workspace. @returns the id of the email */
async function resetByAdmin() {
  const asked = await askFactorReset({ ...(await actNamed('ada')), now: START }, { id: 'bob', state: 'active' })
  return 'mailId' in asked ? asked.mailId : undefined
}

/** As `npm run person -- second-factor` writes it. @returns the id of the email */
async function resetByOperator() {
  await run(
    "INSERT INTO mails (id, kind, to_email, to_key, factor_link_id, created_at) VALUES ('operators', 'factor_reset', 'bob@acme.test', 'bob@acme.test', ?, ?)",
    await insertFactorLink('bob', 'lost'),
    START,
  )
  return 'operators'
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
    const [older, newer] = [await ask(), await ask()]

    expect((await linkOf(older))?.state).toBe('superseded')
    expect((await linkOf(newer, START + DAY_MS - 1))?.state).toBe('open')
    expect((await linkOf(newer, START + DAY_MS))?.state).toBe('expired')
  })

  it('counts its day from its email, signed when it is sent', async () => {
    const mailId = await ask()
    const sentAt = START + 5 * HOUR_MS
    const letter = await letterOf(mailId, sentAt)
    const found = await linkOf(mailId, sentAt)

    expect(found?.expiresAt).toBe(sentAt + DAY_MS)
    expect(letter?.subject).toBe('Set up your second factor')
    const token = letter?.text.match(/\/second-factor\?token=(\S+)/)?.[1] ?? ''
    expect(await jtiOf(env.FACTOR_LINK_KEYS, 'factor_link', token)).toBe(found?.jti)
  })

  it('that a newer one took the place of is not emailed any more', async () => {
    const [older, newer] = [await ask(), await ask()]
    expect(await letterOf(older)).toBeUndefined()
    expect((await letterOf(newer))?.text).toContain('/second-factor?token=')
  })

  it('that waited too long for its email has no more time than it had', async () => {
    const mailId = await ask()
    await leaseMails(somebody(START + RESET_WAITS_MS), [mailId ?? ''])
    expect((await linkOf(mailId))?.expiresAt).toBe(START + DAY_MS)
  })

  it('has no more time by the email of another', async () => {
    const mailId = await ask()
    await insertFactorLink('ada', 'lost')
    const adas = () => one("SELECT expires_at FROM factor_links WHERE user_id = 'user-ada'")
    const before = await adas()
    await leaseMails(somebody(START + HOUR_MS), [mailId ?? ''])
    expect(await adas()).toEqual(before)
  })

  it('is none while nobody has proven the address', async () => {
    const mailId = await resetByOperator()
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-bob'")
    expect((await linkOf(mailId))?.state).toBe('unproven')
  })

  it('for the first one is emailed three times an hour, and to nobody who has one', async () => {
    for (const sent of [true, true, true, false]) expect((await ask()) !== undefined).toBe(sent)
    await addFactor()
    expect(await ask(START + 2 * HOUR_MS)).toBeUndefined()
    expect(await all("SELECT kind FROM mails WHERE kind = 'factor_link'")).toHaveLength(3)
  })

  it('for the first one is needless once there is one; for a lost one it is not', async () => {
    const first = await ask()
    await addFactor()
    expect((await linkOf(first))?.state).toBe('needless')

    expect((await linkOf(await resetByAdmin()))?.state).toBe('open')
  })

  it('that an admin asked for is none once its person belongs elsewhere, and that of the operator still is one', async () => {
    const [asked, byOperator] = [await resetByAdmin(), await resetByOperator()]
    expect((await linkOf(asked))?.state).toBe('open')
    await alsoInGlobex()

    expect([(await linkOf(asked))?.state, (await linkOf(byOperator))?.state]).toEqual(['elsewhere', 'open'])
    await run("DELETE FROM members WHERE id = 'bob'")
    expect((await linkOf(asked))?.state, 'the admin who asked deleted them').toBe('elsewhere')
  })

  it('in the place of a lost one says who asked', async () => {
    expect((await letterOf(await resetByAdmin()))?.text).toContain('An admin of Acme asked us to email you a link')
    expect((await letterOf(await resetByOperator()))?.text).toContain('The people who run Latchkey asked us')
  })
})

it('a link that expired a month ago goes, and its email with it', async () => {
  const mailId = await ask()
  const left = async (now: number) => {
    await pruneFactorLinks(somebody().db, now)
    return [await all('SELECT id FROM factor_links'), await all('SELECT id FROM mails WHERE id = ?', mailId)].map(
      (rows) => rows.length,
    )
  }
  expect(await left(START + 31 * DAY_MS)).toEqual([1, 1])
  expect(await left(START + 31 * DAY_MS + 1)).toEqual([0, 0])
})
