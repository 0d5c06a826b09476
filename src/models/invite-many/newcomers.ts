import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { CONFIGURABLE } from '../access/section'
import type { MemberAct } from '../core/act'
import { SEARCH_FORM } from '../core/search-key'
import type { Job } from '../jobs/job'
import { warnAt } from '../members/end-date'
import { listOf } from './progress'
import { END, PRESET } from './verdicts'

/** The rows that this step sends to people who are new here. */
const sentBy = (nonce: string) => sql`
  invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = d.id AND r.write_nonce = ${nonce} AND r.outcome = 'sent'`

/** Whether agents were chosen for a row `c`, of its workspace `t`: its default is nobody's choice. */
const areOwn = sql`(coalesce(c.mode <> t.default_agent_mode, 0) OR coalesce(c.mode = 'list', 0) AND json_array_length(c.agents) > 0)`

export const insertMembers = ({ db, memberId, now }: MemberAct, job: Job, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO members (id, tenant_id, email, email_key, invited_name, role, status, agent_mode, created_at, ends_at, end_warn_at,
      search_key, search_form, agents_by_id, agents_at)
    SELECT c.member_id, c.tenant_id, c.email, c.email_key, c.name, c.role, 'pending', coalesce(c.mode, t.default_agent_mode), ${now}, c.ends_at,
      ${warnAt(sql`c.ends_at`, now)}, c.search_key, ${SEARCH_FORM}, iif(${areOwn}, ${memberId}, NULL), iif(${areOwn}, ${now}, NULL)
    FROM (SELECT d.tenant_id, r.*, coalesce(r.own ->> 'role', d.settings ->> 'role') AS role, coalesce(r.own ->> 'mode', d.settings ->> 'mode') AS mode,
        coalesce(r.own -> 'agents', d.settings -> 'agents') AS agents, ${END} AS ends_at
      FROM ${sentBy(nonce)} WHERE ${listOf(job)}) c CROSS JOIN tenants t ON t.id = c.tenant_id`,
  )

const SLUGS = JSON.stringify(CONFIGURABLE.map(({ slug }) => slug))

/** Only where it differs from the default, so that defaults go on holding. */
export const insertSections = ({ db, memberId, now }: MemberAct, job: Job, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
    SELECT w.tenant_id, w.member_id, w.section, w.given, ${memberId}, ${now}
    FROM (
      SELECT c.tenant_id, c.member_id, s.value AS section, iif(s.value IN (SELECT value FROM json_each(c.sections)), 'on', 'off') AS given
      FROM (SELECT d.tenant_id, r.member_id, coalesce(r.own -> 'sections', d.settings -> 'sections') AS sections
        FROM ${sentBy(nonce)} WHERE ${listOf(job)} AND ${PRESET} IS NULL) c CROSS JOIN json_each(${SLUGS}) s WHERE c.sections <> 'null') w
      LEFT JOIN section_defaults f ON f.tenant_id = w.tenant_id AND f.section = w.section
    WHERE w.given <> coalesce(f.access, 'on')`,
  )

export const insertAgents = ({ db }: MemberAct, job: Job, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_agents (tenant_id, member_id, agent_id)
    SELECT m.tenant_id, m.id, a.value FROM ${sentBy(nonce)} CROSS JOIN members m ON m.id = r.member_id AND m.agent_mode = 'list'
      CROSS JOIN json_each(coalesce(r.own -> 'agents', d.settings -> 'agents')) a WHERE ${listOf(job)} AND ${PRESET} IS NULL`,
  )
