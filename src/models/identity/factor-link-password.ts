import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { FACTOR_SET_UP_MS } from '../../limits'
import type { Act } from '../core/act'
import { randomId } from '../core/random'
import { type FactorLink, factorLinkOf, isUsable, toFactorLink } from './factor-link'
import { hashQueue } from './hash-queue'
import { verifyPassword } from './password'
import { activeMembersOf } from './session'
import type { SignInRefusal } from './sign-in'
import { type Counted, countedOf, countProof, failProof, type Prover, returnProof } from './sign-in-tries'
import { stillHold, type Verified } from './verified'

export type PasswordRefused = { link: FactorLink | undefined; refusal: SignInRefusal }
/** `signIn` is the id of the half-proven sign-in in which the second factor is set up. */
export type LinkProven = { link: FactorLink; signIn: string } | PasswordRefused

/** From where: `keepBrowser` is asked for the hash of the browser that it will be known in. */
type Asking = { browser: string | undefined; ip: string; keepBrowser: () => Promise<string> }

/**
 * The password of whoever opened a link to set up a second factor: it counts as any other try to sign in. For half an hour the browser is known to
 * have given it, unless the password changes.
 * @throws HashQueueFull before the try is counted
 */
export async function givePassword(
  act: Act,
  jti: string,
  password: string,
  { browser, ip, keepBrowser }: Asking,
): Promise<LinkProven> {
  hashQueue.expectRoom()
  const prover: Prover = { emailKey: emailKeyOf(jti, act.now), browser, ip }
  const [account, network, gate, [row], [kept]] = await act.db.batch([
    ...countProof(act, prover),
    factorLinkOf(act, jti),
    passwordBehind(act, jti),
  ])
  const link = row && toFactorLink(row, act.now)
  const counted = countedOf([account, network, gate], act.now)
  if (link?.state !== 'open') return { link, refusal: { reason: 'wrong' } }
  if ('retryAt' in counted) return { link, refusal: { reason: 'too_many_tries', ...counted } }
  const { ok } = await verifyPassword(kept?.secret, password)
  if (!ok || !kept) return refuse(act, link, counted)

  const proven: Verified = { kind: 'password', userId: kept.userId, secret: kept.secret }
  const signIn = await begin(act, jti, proven, { browser: await keepBrowser(), counted })
  return signIn ? { link, signIn } : refuse(act, link, counted)
}

/** Takes its own try back, as a right password does anywhere. @returns the id of the sign-in; undefined where the link or the password changed meanwhile */
async function begin(act: Act, jti: string, proven: Verified, { browser, counted }: { browser: string; counted: Counted }) {
  const id = randomId()
  const begun = sql`EXISTS (SELECT 1 FROM sign_ins h WHERE h.id = ${id})`
  const [[started]] = await act.db.batch([
    raw<{ id: string }>(
      act.db,
      sql`
      INSERT INTO sign_ins (id, user_id, browser_hash, created_at, expires_at)
      SELECT ${id}, user_id, ${browser}, ${act.now}, ${act.now + FACTOR_SET_UP_MS} FROM factor_links
      WHERE ${isUsable(jti, act.now)} AND ${stillHold([proven], act.now)} RETURNING id`,
    ),
    ...returnProof(act, counted, begun),
  ])
  return started?.id
}

async function refuse(act: Act, link: FactorLink | undefined, counted: Counted): Promise<PasswordRefused> {
  await failProof(act, counted, activeMembersOf(act, sql`${link?.userId ?? ''}`))
  return { link, refusal: { reason: 'wrong' } }
}

/** NULL once the link cannot be used: whoever has such a one counts against no account. */
const emailKeyOf = (jti: string, now: number) =>
  sql`(SELECT o.email_key FROM factor_links JOIN users o ON o.id = factor_links.user_id WHERE ${isUsable(jti, now)})`

const passwordBehind = ({ db }: Act, jti: string) =>
  raw<{ userId: string; secret: string }>(
    db,
    sql`
    SELECT c.user_id AS userId, c.secret FROM factor_links f JOIN credentials c ON c.user_id = f.user_id AND c.kind = 'password'
    WHERE f.jti = ${jti}`,
  )

/** Whether this browser gave the password of this person, and the half hour is not over: at most one row. */
export const passwordGiven = ({ db, now }: Pick<Act, 'db' | 'now'>, jti: string, { signIn, browser }: PasswordGiven) =>
  raw<{ id: string }>(
    db,
    sql`
    SELECT h.id FROM sign_ins h JOIN factor_links f ON f.user_id = h.user_id
    WHERE f.jti = ${jti} AND h.id = ${signIn} AND h.browser_hash = ${browser ?? ''} AND h.expires_at > ${now}`,
  )

/** What the page of the second step names, and the hash of the browser that shows it. */
export type PasswordGiven = { signIn: string; browser: string | undefined }
