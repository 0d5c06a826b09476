import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { asJson, record } from '../activity/activity'
import { endGrantsOf } from '../apps/signing-in'
import type { Act } from '../core/act'
import { keyOf } from '../core/address'
import { randomId } from '../core/random'
import { tellOf } from './account-news'
import { insertFactor, type NewFactor } from './add-factor'
import { type FactorLinkPurpose, isUsable } from './factor-link'
import type { PasswordGiven } from './factor-link-password'
import { forgetBrowsers, knowBrowser, type NewBrowser, newBrowser } from './known-browser'
import { insertRecoveryCodes, newRecoveryCodes } from './recovery-code'
import { activeMembersOf, type NewSession, newSession, type Origin, startSession } from './session'
import { forgetTries, signInByAccount } from './throttle'

/** What is set up, by whom and where; `former` is the hash of the secret of the session that the browser had. */
export type Setting = PasswordGiven & {
  link: { jti: string; userId: string; email: string; purpose: FactorLinkPurpose }
  factor: NewFactor
  from: Origin
  former: string | undefined
}
/** `codes` are theirs to see once. */
export type FactorSet = { userId: string; session: NewSession; browser: NewBrowser; codes: string[]; mailIds: string[] }

/**
 * Uses the link, once. Whatever second factor the person had goes, with its recovery codes, and the new one stands; every session of theirs ends, with
 * what they are signed in to, and no browser stays known, but for those that begin here. @returns undefined where the link, or the password given for it, does not count any more
 */
export async function useFactorLink(act: Act, setting: Setting): Promise<FactorSet | undefined> {
  const { db, now } = act
  const { link, factor, from, signIn, browser, former } = setting
  const { userId } = link
  const [session, next, codes, mailId, nonce] = [
    await newSession(),
    await newBrowser(),
    await newRecoveryCodes(),
    crypto.randomUUID(),
    randomId(),
  ]
  const used = sql`EXISTS (SELECT 1 FROM factor_links f WHERE f.jti = ${link.jti} AND f.write_nonce = ${nonce})`
  const theirs = sql`user_id = ${userId} AND ${used}`
  const [won] = await db.batch([
    claim(act, setting, nonce),
    raw(db, sql`DELETE FROM sessions WHERE ${theirs}`),
    endGrantsOf(db, userId, now, used),
    forgetBrowsers(db, sql`(SELECT f.user_id FROM factor_links f WHERE f.jti = ${link.jti} AND f.write_nonce = ${nonce})`),
    raw(db, sql`DELETE FROM credentials WHERE ${theirs} AND kind IN ('passkey', 'totp', 'recovery')`),
    // Before there is a factor again: without one the password alone begins a session.
    ...startSession(act, session, [{ kind: 'sign_in', userId, id: signIn }], from, former, used),
    insertFactor(act, sql`${userId}`, factor, used),
    raw(
      db,
      sql`UPDATE sessions SET factor = ${factor.kind}, factor_at = ${now} WHERE secret_hash = ${session.secretHash} AND ${used}`,
    ),
    insertRecoveryCodes(act, userId, codes, used),
    ...tellOf(act, link.purpose === 'first' ? 'factor_added' : 'factor_was_reset', { userId, factor, from, mailId }, used),
    record(act, 'signed_in', activeMembersOf(act, sql`${userId}`, used), { after: asJson({ factor: factor.kind }) }),
    ...knowBrowser(act, { userId, from, before: browser, next }, used),
    forgetTries(db, signInByAccount(keyOf(link.email)), used),
    raw(db, sql`DELETE FROM sign_ins WHERE ${theirs}`),
  ])
  return won.length === 1 ? { userId, session, browser: next, codes: codes.codes, mailIds: [mailId] } : undefined
}

/** One row when this is the use that counts. */
const claim = ({ db, now }: Act, { link, factor, signIn, browser }: Setting, nonce: string) =>
  raw<{ id: string }>(
    db,
    sql`
    UPDATE factor_links SET state = 'used', closed_at = ${now}, write_nonce = ${nonce}
    WHERE ${isUsable(link.jti, now)} AND user_id = ${link.userId} AND purpose = ${link.purpose}
      AND EXISTS (SELECT 1 FROM sign_ins h WHERE h.id = ${signIn} AND h.user_id = factor_links.user_id AND h.browser_hash = ${browser ?? ''} AND h.expires_at > ${now})
      AND NOT EXISTS (SELECT 1 FROM credentials k WHERE k.kind = 'passkey' AND k.id = ${factor.id})
    RETURNING id`,
  )
