import { and, eq, gt, sql } from 'drizzle-orm'
import type { From } from '../../db/from'
import { type FACTOR_LINK_PURPOSES, factorLinks, users } from '../../db/schema/identity'
import { as, flag } from '../../db/select'
import { FACTOR_LINK_MS } from '../../limits'
import type { Act } from '../core/act'
import { RESET_WAITS_MS } from './password-reset'

export type FactorLinkPurpose = (typeof FACTOR_LINK_PURPOSES)[number]

/** The links that the mails `x` are about to carry: however long an email waited, its link has the full time (`countFromNow`). */
export const countFactorLinksFromNow = ({ db, now }: Pick<Act, 'db' | 'now'>, sending: From<'x'>) =>
  db
    .update(factorLinks)
    .set({ expiresAt: now + FACTOR_LINK_MS })
    .where(
      and(
        eq(factorLinks.state, 'open'),
        gt(factorLinks.createdAt, now - RESET_WAITS_MS),
        sql`${factorLinks.id} IN (SELECT x.factor_link_id FROM ${sending})`,
      ),
    )

type Row = Awaited<ReturnType<typeof factorLinkOf>>[number]
/**
 * `unproven`: nobody has shown yet that they read what is sent to the address. `needless`: it was for a first second factor, and they have one by
 * now. `elsewhere`: an admin asked for it, and they have joined a workspace of others since.
 */
export type FactorLinkState = Row['state'] | 'expired' | 'unproven' | 'needless' | 'elsewhere'
export type FactorLink = Omit<Row, 'state'> & { state: FactorLinkState }

/** At most one row: what a link is for. */
export const factorLinkOf = ({ db }: Pick<Act, 'db'>, jti: string) =>
  db
    .select({
      jti: factorLinks.jti,
      purpose: factorLinks.purpose,
      state: factorLinks.state,
      expiresAt: factorLinks.expiresAt,
      userId: as(users.id, 'of_user'),
      email: users.email,
      name: as(users.name, 'user_name'),
      factors: users.factors,
      isProven: flag(sql`${users.provedAt} IS NOT NULL`, 'is_proven'),
      hasJoined: flag(hasJoinedElsewhere, 'has_joined'),
      hasPassword: flag(
        sql`EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = ${users.id} AND c.kind = 'password')`,
        'has_password',
      ),
    })
    .from(factorLinks)
    .innerJoin(users, eq(users.id, factorLinks.userId))
    .where(eq(factorLinks.jti, jti))

export const toFactorLink = (row: Row, now: number): FactorLink => ({ ...row, state: stateOf(row, now) })

function stateOf({ state, expiresAt, isProven, purpose, factors, hasJoined }: Row, now: number): FactorLinkState {
  if (state !== 'open') return state
  if (expiresAt <= now) return 'expired'
  if (!isProven) return 'unproven'
  if (purpose === 'first' && factors > 0) return 'needless'
  return hasJoined ? 'elsewhere' : 'open'
}

/** Of a row of `factor_links`: what `toFactorLink` calls open, for a statement that must not rest on what its page read. */
export const isUsable = (jti: string, now: number) => sql`(${factorLinks.jti} = ${jti} AND ${factorLinks.state} = 'open'
  AND ${factorLinks.expiresAt} > ${now} AND NOT ${hasJoinedElsewhere} AND EXISTS (SELECT 1 FROM users u WHERE u.id = ${factorLinks.userId}
    AND u.proved_at IS NOT NULL AND (${factorLinks.purpose} = 'lost' OR u.factors = 0)))`

/** What protects another workspace, no admin of the first may reset; the operator may. */
const hasJoinedElsewhere = sql`(${factorLinks.askedIn} IS NOT NULL
  AND EXISTS (SELECT 1 FROM members m WHERE m.user_id = ${factorLinks.userId} AND m.tenant_id <> ${factorLinks.askedIn}))`
