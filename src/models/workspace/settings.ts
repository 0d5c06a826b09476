import { and, eq, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { sectionUrls, tenants } from '../../db/schema/workspace'
import { json } from '../../db/select'
import { DAY_MS, HOUR_MS } from '../../limits'
import type { AgentMode } from '../access/access'
import { LINKED, type LinkedSection } from '../access/section'
import { asJson, recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { difference } from '../core/difference'
import { type FactorPolicy, tightens } from '../identity/factor-policy'
import { planReminders } from '../members/factor-reminder'
import type { Place } from '../members/viewer'

/** A section without a URL is not connected. */
type Urls = Record<LinkedSection['slug'], string | null>

export type Settings = {
  name: string
  lifetimeHours: number
  defaultAgentMode: AgentMode
  addressRetentionDays: number
  reminders: boolean
  replyToInviter: boolean
  factorPolicy: FactorPolicy
  factorGraceDays: number
  /** Programs that name themselves by a metadata document may ask to be let in to agents. */
  metadataClients: boolean
  /** In ASCII, by name; none where all are allowed. */
  allowedDomains: string[]
  urls: Urls
}

/** As they were read, which is what a change of them rests on. */
export type ReadSettings = Settings & { version: number; factorPolicyAt: number }

/** Of each linked section what is given for it. */
export const byLinked = <T>(of: (section: LinkedSection) => T) =>
  Object.fromEntries(LINKED.map((section) => [section.slug, of(section)])) as Record<LinkedSection['slug'], T>

type At = Pick<Place, 'db' | 'tenantId'>

export const settingsOf = ({ db, tenantId }: At) =>
  db
    .select({
      name: tenants.name,
      lifetimeMs: tenants.invitationLifetimeMs,
      defaultAgentMode: tenants.defaultAgentMode,
      retentionMs: tenants.addressRetentionMs,
      reminders: tenants.reminders,
      replyToInviter: tenants.replyToInviter,
      factorPolicy: tenants.factorPolicy,
      factorPolicyAt: tenants.factorPolicyAt,
      factorGraceDays: tenants.factorGraceDays,
      metadataClients: tenants.metadataClients,
      version: tenants.version,
      allowedDomains: json<string[]>(
        sql`(SELECT json_group_array(d.domain) FROM (SELECT domain FROM allowed_domains WHERE tenant_id = ${tenantId} ORDER BY domain) d)`,
        'allowed_domains',
      ),
      urls: json<Partial<Urls>>(
        sql`(SELECT json_group_object(u.section, u.url) FROM section_urls u WHERE u.tenant_id = ${tenantId})`,
        'urls',
      ),
    })
    .from(tenants)
    .where(eq(tenants.id, tenantId))

type Row = Awaited<ReturnType<typeof settingsOf>>[number]

/** Of a workspace that somebody was let into. @throws Error for one that does not exist */
export function toSettings([found]: Row[]): ReadSettings {
  if (!found) throw new Error('a workspace without settings')
  const { lifetimeMs, retentionMs, urls, ...row } = found
  return {
    ...row,
    lifetimeHours: lifetimeMs / HOUR_MS,
    addressRetentionDays: retentionMs / DAY_MS,
    urls: byLinked(({ slug }) => urls[slug] ?? null),
  }
}

/**
 * Since when a workspace asks for second factors: since it began to ask somebody whom it did not ask before. Then everybody has the days of grace
 * once more; asking fewer people, or giving them other days, changes nothing about it.
 */
export const asksSince = (current: ReadSettings, { factorPolicy }: Pick<Settings, 'factorPolicy'>, now: number) =>
  tightens(current.factorPolicy, factorPolicy) ? now : current.factorPolicyAt

/**
 * A lifetime counts for the invitations of from now on, a default mode for the people invited from now on.
 * @returns false, and nothing is done, when somebody saved since they were read
 */
export async function saveSettings(act: MemberAct, current: ReadSettings, wanted: Settings): Promise<boolean> {
  const { before, after } = difference(wordsOf(current), wordsOf(wanted))
  if (Object.keys(after).length === 0) return true
  const still = and(eq(tenants.id, act.tenantId), eq(tenants.version, current.version))
  const factorPolicyAt = asksSince(current, wanted, act.now)
  const [, , , , , , , saved] = await act.db.batch([
    recordWorkspace(act, 'settings_changed', { before: asJson(before), after: asJson(after) }, isStill(act, current)),
    ...writeUrls(act, current, wanted),
    ...writeDomains(act, current, wanted),
    ...planReminders(act, current, { ...wanted, factorPolicyAt }, isStill(act, current)),
    act.db
      .update(tenants)
      .set({ ...columnsOf(wanted), factorPolicyAt, version: current.version + 1 })
      .where(still)
      .returning({ id: tenants.id }),
  ])
  return saved.length === 1
}

/** The version is raised last: until then it tells whether anything may be written. */
const isStill = ({ tenantId }: MemberAct, { version }: ReadSettings) =>
  sql`EXISTS (SELECT 1 FROM tenants t WHERE t.id = ${tenantId} AND t.version = ${version})`

const columnsOf = (settings: Settings) => ({
  name: settings.name,
  defaultAgentMode: settings.defaultAgentMode,
  reminders: settings.reminders,
  replyToInviter: settings.replyToInviter,
  invitationLifetimeMs: settings.lifetimeHours * HOUR_MS,
  addressRetentionMs: settings.addressRetentionDays * DAY_MS,
  factorPolicy: settings.factorPolicy,
  factorGraceDays: settings.factorGraceDays,
  metadataClients: settings.metadataClients,
})

function writeUrls(act: MemberAct, current: ReadSettings, wanted: Settings) {
  const changed = sql`json_each(${JSON.stringify(difference(current.urls, wanted.urls).after)}) j WHERE ${isStill(act, current)}`
  return [
    raw(
      act.db,
      sql`
      INSERT INTO section_urls (tenant_id, section, url) SELECT ${act.tenantId}, j.key, j.value FROM ${changed} AND j.value IS NOT NULL
      ON CONFLICT (tenant_id, section) DO UPDATE SET url = excluded.url`,
    ),
    raw(
      act.db,
      sql`
      DELETE FROM section_urls WHERE tenant_id = ${act.tenantId} AND section IN (SELECT j.key FROM ${changed} AND j.value IS NULL)`,
    ),
  ] as const
}

function writeDomains(act: MemberAct, current: ReadSettings, { allowedDomains }: Settings) {
  const wanted = sql`json_each(${JSON.stringify(allowedDomains)}) j WHERE ${isStill(act, current)}`
  return [
    raw(
      act.db,
      sql`
      DELETE FROM allowed_domains WHERE tenant_id = ${act.tenantId} AND ${isStill(act, current)}
        AND domain NOT IN (SELECT j.value FROM ${wanted})`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO allowed_domains (tenant_id, domain) SELECT ${act.tenantId}, j.value FROM ${wanted} ON CONFLICT DO NOTHING`,
    ),
  ] as const
}

/** As the activity log keeps them: one flat object. */
const wordsOf = (settings: Settings) => ({
  name: settings.name,
  lifetime_hours: settings.lifetimeHours,
  default_agent_mode: settings.defaultAgentMode,
  address_retention_days: settings.addressRetentionDays,
  reminders: settings.reminders ? 'on' : 'off',
  reply_to_inviter: settings.replyToInviter ? 'on' : 'off',
  allowed_domains: settings.allowedDomains.join(', ') || null,
  factor_policy: settings.factorPolicy,
  factor_grace_days: settings.factorGraceDays,
  metadata_clients: settings.metadataClients ? 'on' : 'off',
  ...Object.fromEntries(Object.entries(settings.urls).map(([slug, url]) => [`url_${slug}`, url])),
})

/** At most one row: where a section of this workspace leads. */
export const sectionUrlOf = ({ db, tenantId }: At, slug: string) =>
  db
    .select({ url: sectionUrls.url })
    .from(sectionUrls)
    .where(and(eq(sectionUrls.tenantId, tenantId), eq(sectionUrls.section, slug)))
