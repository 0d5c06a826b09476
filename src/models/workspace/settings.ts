import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { differing } from '../../db/difference'
import { raw } from '../../db/raw'
import type { AgentMode } from '../access/access'
import { SECTIONS } from '../access/section'
import { type Actor, recordWorkspace } from '../activity/activity'
import { nameOf } from '../core/name'
import { safeHref, type UrlRefusal } from '../core/url'
import type { Viewer } from '../members/viewer'

/** SPEC section 7: 1 h to 30 d. */
export const LIFETIME_HOURS = { min: 1, max: 720 }
export const RETENTION_DAYS = { min: 1, max: 365 }

/** The sections that lead to a tool of the tenant's own; the two others are Latchkey itself. */
export const LINKED = SECTIONS.filter((section) => section.slug !== 'agents' && section.slug !== 'access-management')

export type UrlField = `url_${(typeof LINKED)[number]['slug']}`
export const urlField = ({ slug }: (typeof LINKED)[number]) => `url_${slug}` as const

/** Of the sections that lead somewhere, by the names of the form's fields. */
type Urls = { [field in UrlField]?: string | null }
type Settings = Urls & {
  name: string
  lifetime_hours: number
  default_agent_mode: AgentMode
  address_retention_days: number
  reminders: 'on' | 'off'
}

/** As an admin types them. */
export type SettingsDraft = Urls & {
  name: string
  lifetime_hours: string
  default_agent_mode: AgentMode
  address_retention_days: string
  reminders: 'on' | 'off'
}

export type SettingsProblems = { [field in UrlField]?: UrlRefusal } & {
  name?: 'missing'
  lifetime_hours?: 'out_of_range'
  address_retention_days?: 'out_of_range'
}

/** A tenant `t` as one flat object, for the form and for the activity log. */
const DOCUMENT = sql`json_patch(
  json_object('name', t.name, 'lifetime_hours', t.invitation_lifetime_ms / 3600000, 'default_agent_mode', t.default_agent_mode,
    'address_retention_days', t.address_retention_ms / 86400000, 'reminders', iif(t.reminders, 'on', 'off')),
  (SELECT json_group_object('url_' || u.section, u.url) FROM section_urls u WHERE u.tenant_id = t.id))`

export const settingsDocument = (db: Db, tenantId: string) =>
  raw<{ settings: string }>(db, sql`SELECT ${DOCUMENT} AS settings FROM tenants t WHERE t.id = ${tenantId}`)

export function toSettingsDraft(document: string): SettingsDraft {
  const { lifetime_hours, address_retention_days, ...settings }: Settings = JSON.parse(document)
  return { ...settings, lifetime_hours: `${lifetime_hours}`, address_retention_days: `${address_retention_days}` }
}

/** Settings to save, or for each field that cannot stay as it is the reason. */
export function checkSettings(draft: SettingsDraft, origin: string): { settings: Settings } | { problems: SettingsProblems } {
  const name = nameOf(draft.name)
  const hours = wholeNumber(draft.lifetime_hours, LIFETIME_HOURS)
  const days = wholeNumber(draft.address_retention_days, RETENTION_DAYS)
  const urls = LINKED.map((section) => [urlField(section), urlOf(draft[urlField(section)], origin)] as const)
  const refused = urls.flatMap(([field, url]) => ('reason' in url ? [[field, url.reason]] : []))

  if (!name || !hours || !days || refused.length > 0) {
    const problems: SettingsProblems = {
      ...(name ? {} : { name: 'missing' }),
      ...(hours ? {} : { lifetime_hours: 'out_of_range' }),
      ...(days ? {} : { address_retention_days: 'out_of_range' }),
      ...Object.fromEntries(refused),
    }
    return { problems }
  }
  const hrefs = Object.fromEntries(urls.map(([field, url]) => [field, 'href' in url ? url.href : null]))
  const { default_agent_mode, reminders } = draft
  return { settings: { name, lifetime_hours: hours, default_agent_mode, address_retention_days: days, reminders, ...hrefs } }
}

const urlOf = (typed: string | null | undefined, origin: string) => (typed?.trim() ? safeHref(typed, origin) : { href: null })

function wholeNumber(typed: string, { min, max }: { min: number; max: number }) {
  const number = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : 0
  return number >= min && number <= max ? number : undefined
}

/** A lifetime counts for the invitations of from now on, a default mode for the people invited from now on. */
export function saveSettings(db: Db, by: Viewer, actor: Actor, settings: Settings, now: number) {
  const after = sql`${JSON.stringify(settings)}`
  const before = sql`(SELECT ${DOCUMENT} FROM tenants t WHERE t.id = ${by.tenantId})`
  const change = { before: differing(before, after, after), after: differing(after, before) }
  return db.batch([
    recordWorkspace(db, 'settings_changed', actor, by.tenantId, now, change, sql`${change.after} <> '{}'`),
    raw(
      db,
      sql`
      UPDATE tenants SET name = ${settings.name}, invitation_lifetime_ms = ${settings.lifetime_hours * 3_600_000},
        default_agent_mode = ${settings.default_agent_mode}, address_retention_ms = ${settings.address_retention_days * 86_400_000},
        reminders = ${settings.reminders === 'on' ? 1 : 0}
      WHERE id = ${by.tenantId}`,
    ),
    raw(
      db,
      sql`
      INSERT INTO section_urls (tenant_id, section, url)
      SELECT ${by.tenantId}, substr(key, 5), value FROM json_each(${after}) WHERE key LIKE 'url%' AND value IS NOT NULL
      ON CONFLICT (tenant_id, section) DO UPDATE SET url = excluded.url WHERE url <> excluded.url`,
    ),
    raw(
      db,
      sql`
      DELETE FROM section_urls
      WHERE tenant_id = ${by.tenantId} AND 'url_' || section IN (SELECT key FROM json_each(${after}) WHERE value IS NULL)`,
    ),
  ])
}

/** At most one row: where a section of this workspace leads. */
export const sectionUrlOf = (db: Db, tenantId: string, slug: string) =>
  raw<{ url: string }>(db, sql`SELECT url FROM section_urls WHERE tenant_id = ${tenantId} AND section = ${slug}`)
