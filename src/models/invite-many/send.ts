import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { DAY_MS } from '../../limits'
import { CONFIGURABLE } from '../access/section'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId, randomSecret } from '../core/random'
import { SEARCH_FORM } from '../core/search-key'
import { closing } from '../invitations/due'
import { ACCESS_GIVEN } from '../invitations/invite'
import { issue, openInvitation, reissue } from '../invitations/issue'
import { type Caps, countMails } from '../invitations/sending-limit'
import { atPlace, beginJob, type Job, type Moved, moveOn } from '../jobs/job'
import { queueMail } from '../mail/queue-mail'
import { warnAt } from '../members/end-date'
import { givePreset } from '../presets/give'
import { isOpen } from './draft'
import { END, PRESET, verdicts } from './verdicts'

/** So many go out in one step: some ten thousand rows written, which D1 does in about a second. */
export const SENT_AT_ONCE = 250

export type Sending = { version: number | undefined; later: boolean }

/** Begins the job that sends a list; its id is that of the list. @returns false where the list is not as its page showed it, or was sent before */
export async function beginSending(act: MemberAct, id: string, { version, later }: Sending): Promise<boolean> {
  const { db, now } = act
  const is = sql`${isOpen(act, id)} AND d.admin_id = ${act.memberId} AND d.version = ${version ?? sql`d.version`}`
  const total = sql`(SELECT count(*) FROM invite_rows r WHERE r.draft_id = ${id} AND r.choice <> 'leave')`
  const [begun] = await db.batch([
    beginJob(act, { id, kind: 'invite', spec: {}, total }, sql`EXISTS (SELECT 1 FROM invite_drafts d WHERE ${is})`),
    raw(db, sql`UPDATE invite_drafts AS d SET sent_at = ${now}, later = ${+later} WHERE ${is}`),
  ])
  return begun.length === 1
}

type Sent = { moved: Moved | undefined; mailIds: string[]; until: number | undefined }

/**
 * One step: decides of every row that is left whether it may go out now, and sends the first of those that may. What is refused is decided with
 * that, so that the first step settles the whole list; a row whose turn comes later is asked again, for somebody may act in between.
 */
export async function sendNext(act: MemberAct, job: Job, caps: Caps): Promise<Sent> {
  const { db, now } = act
  const nonce = randomId()
  const links = JSON.stringify(Array.from({ length: SENT_AT_ONCE }, newLink))
  const link = (name: keyof ReturnType<typeof newLink>) => sql`${links} ->> ('$[' || r.place || '].' || ${name})`
  const taken = sql`invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = d.id AND r.write_nonce = ${nonce} AND r.mail_id IS NOT NULL`
  const people = (which: 'sent' | 'resent') =>
    from(sql`${taken} CROSS JOIN members m ON m.id = r.member_id WHERE ${here(job)} AND r.outcome = ${which}`, 'm')
  const invited = people('sent')
  // Its limit is never met: it keeps SQLite from asking for each member of the workspace whether a row is theirs.
  const withPreset = from(sql`${invited} AND ${PRESET} IS NOT NULL LIMIT ${SENT_AT_ONCE}`, 'm')
  const resent = from(
    sql`${taken} CROSS JOIN members m ON m.id = r.member_id CROSS JOIN invitations old ON old.member_id = m.id
    WHERE ${here(job)} AND r.outcome = 'resent' AND old.write_nonce = ${nonce} || m.id`,
    'm',
    'old',
  )
  const all = from(sql`${taken} CROSS JOIN members m ON m.id = r.member_id WHERE ${here(job)}`, 'm')
  // Made before that of the preset, so that the log has it first: they are of one moment.
  const entry = record(act, 'invited', invited, { after: ACCESS_GIVEN })
  const results = await db.batch([
    refuse(act, job, nonce, caps),
    take(act, job, nonce, links),
    insertMembers(act, job, nonce),
    insertSections(act, job, nonce),
    insertAgents(act, job, nonce),
    ...givePreset(act, PRESET, withPreset),
    issue(act, sql`coalesce(r.own ->> 'note', d.settings ->> 'note')`, invited, { id: link('id'), jti: link('jti') }),
    supersede(act, job, nonce),
    reissue(act, 'resend', resent, { id: link('id'), jti: link('jti') }),
    queueMail(db, { id: sql`r.mail_id`, kind: 'invitation', now, invitation: openInvitation }, all),
    countMails(db, from(sql`(SELECT d.tenant_id, r.mail_id AS id FROM ${taken} WHERE ${here(job)}) x`, 'x'), now),
    entry,
    record(act, 'resent', resent),
    raw<{ until: number | null }>(db, sql`SELECT ${waitsUntil(job, now)} AS until`),
    moveOn(act, job, { place: `${job.done}.${nonce}`, ...countOf(job, nonce), finished: isDecided(job.id) }),
  ])
  return { mailIds: results[15].map(({ id }) => id), moved: results[20][0], until: results[19][0]?.until ?? undefined }
}

const newLink = () => ({ id: crypto.randomUUID(), jti: randomSecret(), memberId: crypto.randomUUID(), mailId: crypto.randomUUID() })

/** The list `d` of a job, while that is at its place: a batch that is sent once more, since its answer was lost, finds what it wrote before. */
const here = (job: Job) => sql`d.id = ${job.id} AND ${atPlace(job)}`

const refuse = ({ db, tenantId, now }: MemberAct, job: Job, nonce: string, caps: Caps) =>
  raw(
    db,
    sql`
    UPDATE invite_rows SET outcome = v.outcome, retry_at = v.retry_at, write_nonce = ${nonce}
    FROM (SELECT n, refusal ->> 'retryAt' AS retry_at, CASE
        WHEN (SELECT d.later FROM invite_drafts d WHERE d.id = ${job.id}) AND refusal ->> 'reason' IN ('too_many_mails', 'too_many_mails_in_all')
        THEN 'waiting' ELSE refusal ->> 'reason' END AS outcome
      FROM ${verdicts({ tenantId, now }, job.id, caps)} WHERE v.asked) v
    WHERE invite_rows.draft_id = ${job.id} AND invite_rows.n = v.n AND invite_rows.outcome IS NOT v.outcome AND ${atPlace(job)}`,
  )

/** What no rule has refused. Somebody who is here by now is pending, and gets a new link. */
const take = ({ db }: MemberAct, job: Job, nonce: string, links: string) =>
  raw(
    db,
    sql`
    UPDATE invite_rows SET outcome = iif(c.holder IS NULL, 'sent', 'resent'), place = c.place, retry_at = NULL, write_nonce = ${nonce},
      member_id = coalesce(c.holder, ${links} ->> ('$[' || c.place || '].memberId')), mail_id = ${links} ->> ('$[' || c.place || '].mailId')
    FROM (
      SELECT r.n, row_number() OVER (ORDER BY r.n) - 1 AS place, m.id AS holder
      FROM invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = d.id AND r.outcome IS NULL AND r.choice <> 'leave'
        LEFT JOIN members m ON m.tenant_id = d.tenant_id AND m.email_key = r.email_key
      WHERE ${here(job)} ORDER BY r.n LIMIT ${SENT_AT_ONCE}) c
    WHERE invite_rows.draft_id = ${job.id} AND invite_rows.n = c.n AND ${atPlace(job)}`,
  )

/** The rows that this step sends to people who are new here. */
const sentBy = (nonce: string) => sql`
  invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = d.id AND r.write_nonce = ${nonce} AND r.outcome = 'sent'`

/** Whether agents were chosen for a row `c`, of its workspace `t`: its default is nobody's choice. */
const areOwn = sql`(coalesce(c.mode <> t.default_agent_mode, 0) OR coalesce(c.mode = 'list', 0) AND json_array_length(c.agents) > 0)`

const insertMembers = ({ db, memberId, now }: MemberAct, job: Job, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO members (id, tenant_id, email, email_key, invited_name, role, status, agent_mode, created_at, ends_at, end_warn_at,
      search_key, search_form, agents_by_id, agents_at)
    SELECT c.member_id, c.tenant_id, c.email, c.email_key, c.name, c.role, 'pending', coalesce(c.mode, t.default_agent_mode), ${now}, c.ends_at,
      ${warnAt(sql`c.ends_at`, now)}, c.search_key, ${SEARCH_FORM}, iif(${areOwn}, ${memberId}, NULL), iif(${areOwn}, ${now}, NULL)
    FROM (SELECT d.tenant_id, r.*, coalesce(r.own ->> 'role', d.settings ->> 'role') AS role, coalesce(r.own ->> 'mode', d.settings ->> 'mode') AS mode,
        coalesce(r.own -> 'agents', d.settings -> 'agents') AS agents, ${END} AS ends_at
      FROM ${sentBy(nonce)} WHERE ${here(job)}) c CROSS JOIN tenants t ON t.id = c.tenant_id`,
  )

const SLUGS = JSON.stringify(CONFIGURABLE.map(({ slug }) => slug))

/** Only where it differs from the default, so that defaults go on holding. */
const insertSections = ({ db, memberId, now }: MemberAct, job: Job, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
    SELECT w.tenant_id, w.member_id, w.section, w.given, ${memberId}, ${now}
    FROM (
      SELECT c.tenant_id, c.member_id, s.value AS section, iif(s.value IN (SELECT value FROM json_each(c.sections)), 'on', 'off') AS given
      FROM (SELECT d.tenant_id, r.member_id, coalesce(r.own -> 'sections', d.settings -> 'sections') AS sections
        FROM ${sentBy(nonce)} WHERE ${here(job)} AND ${PRESET} IS NULL) c CROSS JOIN json_each(${SLUGS}) s WHERE c.sections <> 'null') w
      LEFT JOIN section_defaults f ON f.tenant_id = w.tenant_id AND f.section = w.section
    WHERE w.given <> coalesce(f.access, 'on')`,
  )

const insertAgents = ({ db }: MemberAct, job: Job, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_agents (tenant_id, member_id, agent_id)
    SELECT m.tenant_id, m.id, a.value FROM ${sentBy(nonce)} CROSS JOIN members m ON m.id = r.member_id AND m.agent_mode = 'list'
      CROSS JOIN json_each(coalesce(r.own -> 'agents', d.settings -> 'agents')) a WHERE ${here(job)} AND ${PRESET} IS NULL`,
  )

const supersede = ({ db, now }: MemberAct, job: Job, nonce: string) => {
  const theirs = sql`SELECT r.member_id FROM invite_rows r WHERE r.draft_id = ${job.id} AND r.write_nonce = ${nonce} AND r.outcome = 'resent'
    AND ${atPlace(job)}`
  const { state, closedAt } = closing('superseded', nonce, now)
  return raw(
    db,
    sql`
    UPDATE invitations SET state = ${state}, closed_at = ${closedAt}, write_nonce = ${nonce} || member_id, remind_at = NULL, expiry_notice_at = NULL
    WHERE state = 'open' AND member_id IN (${theirs})`,
  )
}

/** When the emails of another day can go out, where nothing else is left to do; a day that this step has begun lasts one from now. */
const waitsUntil = ({ id }: Job, now: number) => sql`(
  SELECT max(coalesce(r.retry_at, ${now + DAY_MS})) FROM invite_rows r WHERE r.draft_id = ${id} AND r.outcome = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM invite_rows o WHERE o.draft_id = ${id} AND o.outcome IS NULL AND o.choice <> 'leave'))`

const isDecided = (id: string) => sql`NOT EXISTS (
  SELECT 1 FROM invite_rows r WHERE r.draft_id = ${id} AND r.choice <> 'leave' AND (r.outcome IS NULL OR r.outcome = 'waiting'))`

/** What this step has decided. */
function countOf({ id }: Job, nonce: string) {
  const decided = sql`SELECT count(*) FROM invite_rows r WHERE r.draft_id = ${id} AND r.write_nonce = ${nonce} AND r.outcome <> 'waiting'`
  return { done: sql`(${decided})`, leftOut: sql`(${decided} AND r.outcome NOT IN ('sent', 'resent'))` }
}

/** Calls off what waits for the emails of another day. @returns how many rows that were */
export async function cancelWaiting(act: MemberAct, id: string): Promise<number> {
  const { db, tenantId, now } = act
  const mine = sql`EXISTS (SELECT 1 FROM invite_drafts d WHERE d.id = ${id} AND d.tenant_id = ${tenantId})`
  const waiting = sql`(SELECT count(*) FROM invite_rows r WHERE r.draft_id = ${id} AND r.outcome = 'cancelled' AND r.write_nonce = ${id})`
  const [cancelled] = await db.batch([
    raw<{ n: number }>(
      db,
      sql`
      UPDATE invite_rows SET outcome = 'cancelled', retry_at = NULL, write_nonce = ${id} WHERE draft_id = ${id} AND outcome = 'waiting' AND ${mine}
      RETURNING n`,
    ),
    raw(
      db,
      sql`
      UPDATE jobs SET done = done + ${waiting}, left_out = left_out + ${waiting}, state = 'done', finished_at = ${now}, ip = NULL
      WHERE id = ${id} AND tenant_id = ${tenantId} AND state = 'queued' AND ${waiting} > 0
        AND ${isDecided(id)}`,
    ),
  ])
  return cancelled.length
}

/** A new list of the rows that did not go out, to be reviewed like the first. @returns its id; undefined where there is none, or no such report */
export async function retryFailed(act: MemberAct, id: string): Promise<string | undefined> {
  const { db, tenantId, memberId, now } = act
  const next = crypto.randomUUID()
  const failed = sql`r.choice <> 'leave' AND (r.outcome IS NULL OR r.outcome NOT IN ('sent', 'resent', 'waiting'))`
  const [made] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO invite_drafts (id, tenant_id, admin_id, settings, created_at)
      SELECT ${next}, d.tenant_id, ${memberId}, d.settings, ${now} FROM invite_drafts d JOIN jobs j ON j.id = d.id AND j.state <> 'queued'
      WHERE d.id = ${id} AND d.tenant_id = ${tenantId} AND EXISTS (SELECT 1 FROM invite_rows r WHERE r.draft_id = d.id AND ${failed}) RETURNING id`,
    ),
    raw(
      db,
      sql`
      INSERT INTO invite_rows (draft_id, n, cells, email, email_key, name, own, search_key, problem, detail, choice)
      SELECT ${next}, row_number() OVER (ORDER BY r.n), r.cells, r.email, r.email_key, r.name, r.own, r.search_key, r.problem, r.detail, r.choice
      FROM invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = ${id} WHERE d.id = ${next} AND ${failed}`,
    ),
  ])
  return made[0]?.id
}
