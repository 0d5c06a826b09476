import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { firstReason, type ReasonOf, type Rule, readRefusal } from '../../db/rules'
import { users } from '../../db/schema/identity'
import { joinLinks, joinProofs } from '../../db/schema/join-links'
import { tenants } from '../../db/schema/workspace'
import { as, flag, json, maybe } from '../../db/select'
import { type SectionSettings, sectionsOf } from '../access/access'
import { sectionDefaultsOf } from '../access/section-settings'
import type { Act } from '../core/act'
import { accountState, type OldMembership, oldMemberships } from '../identity/take-over'
import { domainRules } from '../invitations/domains'
import { isActive, isEnded } from '../members/active'
import { seatRules } from '../members/seats'
import { agentsGiven, modeGiven, OF_LINK, overridesGiven, presetIsGone } from './access-given'

export type JoinReason = ReasonOf<ReturnType<typeof joinRules>>

/**
 * Why the holder of an emailed link can neither join nor ask to: over the proof `p` and its link `l`. What the address is here comes first, since it
 * tells the person what to do. Whoever only asks takes no seat.
 */
export const joinRules = ({ now }: Pick<Act, 'now'>) =>
  [
    ['already_active', isHere(isActive(now, 'o'))],
    ['already_disabled', isHere(sql`(o.status = 'disabled' OR ${isEnded(now, 'o')})`)],
    ['already_pending', isHere(sql`o.status = 'pending'`)],
    ['already_waiting', sql`EXISTS (SELECT 1 FROM join_requests w WHERE w.tenant_id = p.tenant_id AND w.email_key = p.email_key)`],
    ['used', sql`p.state <> 'open'`],
    ['turned_off', sql`l.turned_off_at IS NOT NULL`],
    ['preset_gone', presetIsGone(now)],
    ['link_expired', sql`l.expires_at <= ${now}`],
    ['expired', sql`p.expires_at <= ${now}`],
    ['wrong_domain', isOfOtherDomain],
    ...domainRules({ tenantId: sql`p.tenant_id`, emailKey: sql`p.email_key` }),
    ['full', sql`l.uses >= l.most_uses`],
    ...seatRules(sql`p.tenant_id`, now, sql`NOT ${needsApproval}`),
  ] as const satisfies readonly Rule[]

const isHere = (as: SQL) =>
  sql`EXISTS (SELECT 1 FROM members o WHERE o.tenant_id = p.tenant_id AND o.email_key = p.email_key AND ${as})`

const isOfOtherDomain = sql`(l.domains <> '[]' AND NOT EXISTS (
  SELECT 1 FROM json_each(l.domains) d WHERE substr(p.email_key, -length('@' || d.value)) = '@' || d.value))`

/** An admin has to let them in: as the link says, or because they were here once and ceased to be since it was made. */
export const needsApproval = sql`(l.approval = 1 OR EXISTS (
  SELECT 1 FROM removed_addresses r WHERE r.tenant_id = l.tenant_id AND r.email_key = p.email_key AND r.at >= l.created_at))`

/**
 * Of a proof `p` and its link `l`: the pending person's open invitation, as JSON of what signs its link, or NULL. An email that was found later than the
 * proof is good for, or after its link was turned off, opens nothing.
 */
const invitationHere = (now: number) => sql`(
  SELECT json_object('jti', i.jti, 'iat', i.created_at, 'exp', i.expires_at) FROM members o JOIN invitations i ON i.member_id = o.id AND i.state = 'open'
  WHERE o.tenant_id = p.tenant_id AND o.email_key = p.email_key AND o.status = 'pending'
    AND p.state = 'open' AND p.expires_at > ${now} AND l.turned_off_at IS NULL)`

const P = sql.raw('p')
const L = sql.raw('l')

/** At most one row: what the emailed link shows; none while the workspace is suspended. */
export const proofOf = (db: Db, jti: string, now: number) =>
  db
    .select({
      id: sql<string>`p.id`.as('proof_id'),
      tenantId: as(tenants.id, 'workspace_id'),
      tenantName: as(tenants.name, 'workspace_name'),
      email: sql<string>`p.email`.as('email'),
      emailKey: sql<string>`p.email_key`.as('email_key'),
      expiresAt: sql<number>`p.expires_at`.as('proof_expires_at'),
      makerId: sql<string>`l.maker_id`.as('maker_id'),
      makerName: sql<string>`l.maker_name`.as('maker_name'),
      agentMode: modeGiven(OF_LINK).as('agent_mode'),
      agentCount:
        sql<number>`(SELECT count(*) FROM json_each(${agentsGiven(OF_LINK)}) g JOIN agents a ON a.id = g.value AND a.tenant_id = l.tenant_id)`.as(
          'agent_count',
        ),
      linkDomains: json<string[]>(sql`l.domains`, 'link_domains'),
      overrides: json<SectionSettings>(overridesGiven(OF_LINK), 'overrides'),
      defaults: json<SectionSettings>(sectionDefaultsOf(tenants.id), 'defaults'),
      accountId: maybe(users.id, 'account_id'),
      account: accountState.as('account_state'),
      memberships: json<OldMembership[]>(oldMemberships, 'memberships'),
      needsApproval: flag(needsApproval, 'needs_approval'),
      invitation: json<{ jti: string; iat: number; exp: number } | null>(
        sql`coalesce(${invitationHere(now)}, 'null')`,
        'invitation',
      ),
      refusal: sql<string | null>`${firstReason(joinRules({ now }))}`.as('refusal'),
    })
    .from(sql`${joinProofs} ${P} JOIN ${joinLinks} ${L} ON l.id = p.link_id`)
    .innerJoin(tenants, and(eq(tenants.id, sql`p.tenant_id`), isNull(tenants.suspendedAt)))
    .leftJoin(users, sql`${users.emailKey} = p.email_key`)
    .where(sql`p.jti = ${jti}`)

type Row = Awaited<ReturnType<typeof proofOf>>[number]

export type Proof = ReturnType<typeof toProof>

export const toProof = ({ refusal, overrides, defaults, ...row }: Row, now: number) => ({
  ...row,
  state: readRefusal(joinRules({ now }), refusal)?.reason ?? ('open' as const),
  sections: sectionsOf({ role: 'user', defaults, overrides }),
})

/** The proof `p` with its link `l`, whose workspace may be entered. */
export const proofBehind = (jti: string): SQL =>
  sql`join_proofs p JOIN tenants t ON t.id = p.tenant_id AND t.suspended_at IS NULL WHERE p.jti = ${jti}`
