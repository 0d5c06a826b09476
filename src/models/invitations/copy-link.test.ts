import { beforeEach, describe, expect, it } from 'vitest'
import { actOf, type Invitee, invitee, NO_CAPS, somebody, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { unproven } from '../../../test/late'
import { together, tryOften } from '../../../test/race'
import { HOUR_MS, RESEND } from '../../limits'
import type { Viewer } from '../members/viewer'
import { accept } from './acceptance'
import { changeAddress } from './address-change'
import { cancel } from './cancel'
import { copyLink } from './copy-link'
import { resend } from './resend'

let ada: Viewer
let nell: Invitee

beforeEach(async () => {
  ada = await viewerNamed('ada')
  nell = await invitee(actOf(ada), 'nell@acme.test')
})

const copy = ({ memberId }: Pick<Invitee, 'memberId'> = nell, now = Date.now()) => copyLink(actOf(ada, now), memberId, ada)

async function copiedJti(memberId = nell.memberId) {
  const made = await copy({ memberId })
  if ('reason' in made) throw new Error(made.reason)
  return made.jti
}

const joinBy = (jti: string, now = Date.now()) => accept(somebody(now), jti, { passwordHash: '$scrypt$new', name: null })

describe('a copied link', () => {
  it('is of the open invitation, works as long, leaves the emailed one, and is logged', async () => {
    const made = await copy()
    const open = await one(
      'SELECT jti, copied_jti, created_at AS iat, expires_at AS exp, state FROM invitations WHERE jti = ?',
      nell.jti,
    )

    expect(made).toEqual({ jti: open?.copied_jti, iat: open?.iat, exp: open?.exp })
    expect([open?.jti, open?.state]).toEqual([nell.jti, 'open'])
    expect(await all("SELECT member_id, actor_id FROM activity WHERE kind = 'link_copied'")).toEqual([
      { member_id: nell.memberId, actor_id: 'ada' },
    ])
    expect(await all("SELECT id FROM mails WHERE to_key = 'nell@acme.test'")).toHaveLength(1)
  })

  it('is replaced by the next one', async () => {
    const [first, second] = [await copiedJti(), await copiedJti()]

    expect([await joinBy(first), await joinBy(second)]).toEqual([false, true])
  })

  it.each([
    ['the emailed one is used', () => joinBy(nell.jti)],
    ['the invitation is cancelled', () => cancel(actOf(ada), nell.memberId)],
    ['it is resent', () => resend(actOf(ada, Date.now() + RESEND.cooldownMs), nell.memberId, NO_CAPS)],
    [
      'the address is corrected',
      () => changeAddress(actOf(ada), nell.memberId, { email: 'n@acme.test', key: 'n@acme.test' }, NO_CAPS),
    ],
  ])('is closed once %s', async (_, closing) => {
    const jti = await copiedJti()
    await closing()

    expect(await joinBy(jti)).toBe(false)
  })

  it('is for somebody who cannot be emailed, too', async () => {
    await run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('nell@acme.test', '', 'complained', 1)")

    expect(await joinBy(await copiedJti())).toBe(true)
  })
})

describe('a refusal', () => {
  const cases: [string, string, () => Promise<unknown>][] = [
    ['of somebody who is here', 'not_pending', () => joinBy(nell.jti)],
    ['of nobody', 'not_pending', () => cancel(actOf(ada), nell.memberId)],
    ['in another workspace', 'not_pending', () => run("UPDATE members SET tenant_id = 'globex' WHERE id = ?", nell.memberId)],
    ['once it has expired', 'expired', () => run('UPDATE invitations SET expires_at = ? WHERE jti = ?', Date.now(), nell.jti)],
    ['while the workspace is suspended', 'suspended', () => run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")],
    ['where only some domains are allowed', 'restricted', () => run("INSERT INTO allowed_domains VALUES ('acme', 'acme.test')")],
    [
      'for an address with an account, proven or not',
      'only_emailed',
      () => run("INSERT INTO users (id, email, email_key, created_at) VALUES ('n', 'nell@acme.test', 'nell@acme.test', 1)"),
    ],
    ['without a fresh proof', 'not_fresh', unproven],
    ['in a session that is over', 'not_fresh', () => run('UPDATE sessions SET last_seen_at = last_seen_at - ?', HOUR_MS)],
    ['in a session that has ended', 'not_fresh', () => run('DELETE FROM sessions')],
    ['by whoever is no admin any more', 'not_fresh', () => run("UPDATE members SET role = 'user' WHERE id = 'ada'")],
    ['by whoever is disabled', 'not_fresh', () => run("UPDATE members SET status = 'disabled' WHERE id = 'ada'")],
  ]

  it.each(cases)('nothing is copied %s', async (_, reason, change) => {
    await change()
    const before = await dump()

    expect(await copy()).toEqual({ reason, retryAt: null })
    expect(await dump()).toEqual(before)
  })
})

it('a copy that meets an acceptance is no way in afterwards', async () => {
  await tryOften(async (attempt) => {
    const person = await invitee(actOf(ada))
    const done = await together(async (i) => (i === attempt % 20 ? joinBy(person.jti) : copy(person)))
    const [open] = await all<{ state: string; jti: string }>(
      'SELECT state, copied_jti AS jti FROM invitations WHERE member_id = ?',
      person.memberId,
    )

    expect(done[attempt % 20]).toBe(true)
    expect(open?.state).toBe('accepted')
    expect(await joinBy(open?.jti ?? '')).toBe(false)
  })
})
