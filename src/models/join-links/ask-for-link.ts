import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { DAY_MS, HOUR_MS, JOIN_PROOF_MS } from '../../limits'
import type { Act } from '../core/act'
import type { Address } from '../core/address'
import { randomSecret } from '../core/random'
import { blockedUntil, countTry, networkOf, notBlocked, rewriteTry, type Throttle } from '../identity/throttle'
import { joinLinkBehind } from './join-link'

/** docs/rules.md, Limits: of what people have emailed to themselves by a join link, apart from every other allowance. */
export const joinByAddress = (emailKey: string): Throttle => ({
  key: `join:address:${emailKey}`,
  free: 3,
  windowMs: HOUR_MS,
  doubling: false,
})
export const joinByIp = (ip: string): Throttle => ({
  key: `join:ip:${networkOf(ip)}`,
  free: 20,
  windowMs: HOUR_MS,
  doubling: false,
})
export const joinByLink = (secretHash: string): Throttle => ({
  key: `join:link:${secretHash}`,
  free: 100,
  windowMs: DAY_MS,
  doubling: false,
})

/** The id of the email that there may be: who gets it, if anybody, is the database's secret. `unusable`: the link no longer works. */
type Asked = { mailId: string } | { reason: 'unusable' } | { reason: 'too_many_tries'; retryAt: number }

/**
 * Emails a link to the address that somebody gave on the page of a join link. Every address causes the same statements and rows, whatever it is
 * here: only the limits of the network and of the link show, which are blind to it.
 */
export async function askForLink(act: Act, secretHash: string, address: Address): Promise<Asked> {
  const [byIp, byLink] = [joinByIp(act.by.ip ?? ''), joinByLink(secretHash)]
  const [mayAddress, mayLink, mayIp, [blocked], [link]] = await act.db.batch([
    countTry(act, joinByAddress(address.key), sql`${notBlocked(byIp, act.now)} AND ${isFree(byLink, act.now)}`),
    countTry(act, byLink, notBlocked(byIp, act.now)),
    countTry(act, byIp),
    blockedUntil(act.db, [byIp, byLink]),
    joinLinkBehind(act.db, secretHash),
  ])
  if (!link) return { reason: 'unusable' }
  if (mayIp.length === 0 || mayLink.length === 0) return { reason: 'too_many_tries', retryAt: blocked?.until ?? act.now }
  const [id, mailId] = [crypto.randomUUID(), crypto.randomUUID()]
  const [, proof] = await act.db.batch([
    rewriteTry(act.db, byIp),
    insertProof(act, { id, secretHash, address, may: mayAddress.length === 1 }),
    queueLink(act, id, mailId),
  ])
  return mayAddress.length === 1 && proof.length === 0 ? { reason: 'unusable' } : { mailId }
}

const isFree = ({ key }: Throttle, now: number) =>
  sql`NOT EXISTS (SELECT 1 FROM throttles y WHERE y.key = ${key} AND y.blocked_until > ${now})`

type NewProof = { id: string; secretHash: string; address: Address; may: boolean }

const insertProof = ({ db, now }: Act, { id, secretHash, address, may }: NewProof) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO join_proofs (id, tenant_id, link_id, email, email_key, jti, state, created_at, expires_at)
    SELECT ${id}, l.tenant_id, l.id, ${address.email}, ${address.key}, ${randomSecret()}, 'open', ${now}, ${now + JOIN_PROOF_MS}
    FROM join_links l WHERE l.secret_hash = ${secretHash} AND l.turned_off_at IS NULL AND l.expires_at > ${now} AND l.uses < l.most_uses
      AND ${Number(may)} = 1 RETURNING id`,
  )

/** An address that may not be emailed has its row, too; it is left out when the email would be sent. */
const queueLink = ({ db, now }: Act, proofId: string, mailId: string) =>
  raw(
    db,
    sql`
    INSERT INTO mails (id, tenant_id, kind, to_email, to_key, join_proof_id, created_at)
    SELECT ${mailId}, p.tenant_id, 'join', p.email, p.email_key, p.id, ${now} FROM join_proofs p WHERE p.id = ${proofId}`,
  )
