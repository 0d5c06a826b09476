import { and, eq, isNull, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { explain, explained, type ReasonOf, type Rule, refuses } from '../../db/rules'
import { joinLinks } from '../../db/schema/join-links'
import { DAY_MS } from '../../limits'
import { asJson, recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomSecret, sha256 } from '../core/random'
import { restrictsDomains } from '../invitations/domains'
import { agentRules } from '../invitations/invite-rules'
import { cannotBeGiven } from '../presets/give'
import type { AccessGiven } from './join-link'

export type NewJoinLink = AccessGiven & { label: string | null; domains: string[]; approval: boolean; uses: number; days: number }

/** `jti` is the secret of the link, which is nowhere else; times are ms. */
export type Made = { id: string; jti: string; expiresAt: number } | { reason: MakeReason }
export type MakeReason = ReasonOf<ReturnType<typeof rulesOf>>

/** A link by which people join as Tenant Users. Only the SHA-256 of its secret is kept. */
export async function makeJoinLink(act: MemberAct, draft: NewJoinLink): Promise<Made> {
  const [id, jti, expiresAt] = [crypto.randomUUID(), randomSecret(), act.now + draft.days * DAY_MS]
  const rules = rulesOf(act, draft)
  const [[told], made] = await act.db.batch([
    explain(act.db, rules),
    insertLink(act, draft, { id, secretHash: await sha256(jti), expiresAt, rules }),
    recordWorkspace(
      act,
      'join_link_made',
      { after: asJson(factsOf(draft)) },
      sql`EXISTS (SELECT 1 FROM join_links l WHERE l.id = ${id})`,
    ),
  ])
  if (made.length === 1) return { id, jti, expiresAt }
  return { reason: explained(rules, told).reason }
}

/** A form that names an agent or a preset of another workspace, or one that is gone, is not applied. */
function rulesOf({ tenantId, now }: MemberAct, { presetId = null, agentIds, domains }: NewJoinLink) {
  return [
    ['unknown_preset', cannotBeGiven(tenantId, presetId, now)],
    ...agentRules({ tenantId, agents: JSON.stringify([...new Set(agentIds)]) }),
    [
      'domain_not_allowed',
      sql`(${restrictsDomains(tenantId)} AND EXISTS (SELECT 1 FROM json_each(${JSON.stringify(domains)}) j
        WHERE j.value NOT IN (SELECT d.domain FROM allowed_domains d WHERE d.tenant_id = ${tenantId})))`,
    ],
  ] as const satisfies readonly Rule[]
}

const factsOf = ({ label, uses, days, approval, domains }: NewJoinLink) => ({
  ...(label ? { name: label } : {}),
  uses,
  days,
  approval,
  ...(domains.length ? { domains: domains.join(', ') } : {}),
})

type Key = { id: string; secretHash: string; expiresAt: number; rules: readonly Rule[] }

const insertLink = (
  { db, tenantId, memberId, by, now }: MemberAct,
  draft: NewJoinLink,
  { id, secretHash, expiresAt, rules }: Key,
) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO join_links (id, tenant_id, secret_hash, maker_id, maker_name, label, overrides, agent_mode, agents, domains, approval, most_uses,
      created_at, expires_at, preset_id)
    SELECT ${id}, ${tenantId}, ${secretHash}, ${memberId}, ${by.name ?? by.email ?? ''}, ${draft.label}, ${JSON.stringify(draft.overrides)},
      ${draft.agentMode}, ${JSON.stringify([...new Set(draft.agentIds)])}, ${JSON.stringify(draft.domains)}, ${Number(draft.approval)}, ${draft.uses},
      ${now}, ${expiresAt}, ${draft.presetId ?? null}
    WHERE NOT ${refuses(rules)} RETURNING id`,
  )

/** Nobody joins by it any more, nor by an email that it caused. Whoever waits for approval goes on waiting. @returns false where it was off */
export async function turnOff(act: MemberAct, id: string): Promise<boolean> {
  const [, off] = await act.db.batch([
    recordWorkspace(act, 'join_link_turned_off', { before: nameOfLink(id) }, isOn(act, id)),
    act.db
      .update(joinLinks)
      .set({ turnedOffAt: act.now })
      .where(and(eq(joinLinks.id, id), eq(joinLinks.tenantId, act.tenantId), isNull(joinLinks.turnedOffAt)))
      .returning({ id: joinLinks.id }),
  ])
  return off.length === 1
}

const isOn = ({ tenantId }: MemberAct, id: string) =>
  sql`EXISTS (SELECT 1 FROM join_links l WHERE l.id = ${id} AND l.tenant_id = ${tenantId} AND l.turned_off_at IS NULL)`

/** The day it was created tells a link without a name from others. */
export const nameOfLink = (id: string) =>
  sql`(SELECT iif(l.label IS NULL, json_object('created', date(l.created_at / 1000, 'unixepoch')), json_object('name', l.label))
    FROM join_links l WHERE l.id = ${id})`
