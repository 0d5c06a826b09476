import { sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId, randomSecret } from '../core/random'
import { closing } from '../invitations/due'
import { ACCESS_GIVEN } from '../invitations/invite'
import { issue, openInvitation, reissue } from '../invitations/issue'
import { idsIn } from '../invitations/resend-many'
import { type Caps, countMails } from '../invitations/sending-limit'
import { atPlace, beginJob, type Job, type Moved, moveOn } from '../jobs/job'
import type { WholeStep } from '../jobs/people'
import { queueMail } from '../mail/queue-mail'
import { givePreset } from '../presets/give'
import { isTheirs } from './draft'
import { insertAgents, insertMembers, insertSections } from './newcomers'
import { decidedBy, isDecided, listOf, waitsUntil } from './progress'
import { PRESET, verdicts } from './verdicts'

/** So many go out in one step: some ten thousand rows written, which D1 does in about a second. */
export const SENT_AT_ONCE = 250

export type Sending = { version: number | undefined; later: boolean }

/** Begins the job that sends a list; its id is that of the list. @returns false where the list is not as its page showed it, or was sent before */
export async function beginSending(act: MemberAct, id: string, { version, later }: Sending): Promise<boolean> {
  const { db, now } = act
  const is = sql`${isTheirs(act, id)} AND d.version = ${version ?? sql`d.version`}`
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
 * that, so that the first step settles the whole list; a row whose turn comes later is asked again, for somebody may act in between. `until` (ms):
 * when the emails of another day can go out, where nothing else is left to do.
 */
export async function sendNext(act: MemberAct, job: Job, caps: Caps): Promise<Sent> {
  const { statements, mails } = stepOf(act, job, caps)
  const results = await act.db.batch(statements)
  const [[wait], [moved]] = results.slice(-2)
  return { mailIds: idsIn(results[statements.indexOf(mails)]), moved, until: wait?.until ?? undefined }
}

/** The last two statements return until when there is nothing to do, and where the job is. */
function stepOf(act: MemberAct, job: Job, caps: Caps): WholeStep & { mails: BatchItem<'sqlite'> } {
  const { db, now } = act
  const nonce = randomId()
  const links = JSON.stringify(Array.from({ length: SENT_AT_ONCE }, newLink))
  const link = { id: linkAt(links, 'id'), jti: linkAt(links, 'jti') }
  const { all, invited, withPreset, resent } = peopleOf(job, nonce)
  // Made before that of the preset, so that the log has it first: they are of one moment.
  const entry = record(act, 'invited', invited, { after: ACCESS_GIVEN })
  const mails = queueMail(db, { id: sql`r.mail_id`, kind: 'invitation', now, invitation: openInvitation }, all)
  return {
    mails,
    statements: [
      refuse(act, job, nonce, caps),
      take(act, job, nonce, links),
      insertMembers(act, job, nonce),
      insertSections(act, job, nonce),
      insertAgents(act, job, nonce),
      ...givePreset(act, PRESET, withPreset),
      issue(act, sql`coalesce(r.own ->> 'note', d.settings ->> 'note')`, invited, link),
      supersede(act, job, nonce),
      reissue(act, 'resend', resent, link),
      mails,
      countMails(db, from(sql`(SELECT m.tenant_id, r.mail_id AS id FROM ${all}) x`, 'x'), now),
      entry,
      record(act, 'resent', resent),
      raw<{ until: number | null }>(db, sql`SELECT ${waitsUntil(job, now)} AS until`),
      moveOn(act, job, { place: `${job.done}.${nonce}`, ...decidedBy(job, nonce), finished: isDecided(job.id) }),
    ],
  }
}

const newLink = () => ({ id: crypto.randomUUID(), jti: randomSecret(), memberId: crypto.randomUUID(), mailId: crypto.randomUUID() })

/** What falls to the row `r` by its place. */
const linkAt = (links: string, name: keyof ReturnType<typeof newLink>) => sql`${links} ->> ('$[' || r.place || '].' || ${name})`

/** The people `m` whom the step has taken, with their list `d` and their row `r`. */
function peopleOf(job: Job, nonce: string) {
  const taken = sql`invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = d.id AND r.write_nonce = ${nonce} AND r.mail_id IS NOT NULL
    CROSS JOIN members m ON m.id = r.member_id`
  const invited = from(sql`${taken} WHERE ${listOf(job)} AND r.outcome = 'sent'`, 'm')
  return {
    all: from(sql`${taken} WHERE ${listOf(job)}`, 'm'),
    invited,
    // Its limit is never met: it keeps SQLite from asking for each member of the workspace whether a row is theirs.
    withPreset: from(sql`${invited} AND ${PRESET} IS NOT NULL LIMIT ${SENT_AT_ONCE}`, 'm'),
    resent: from(
      sql`${taken} CROSS JOIN invitations old ON old.member_id = m.id
      WHERE ${listOf(job)} AND r.outcome = 'resent' AND old.write_nonce = ${nonce} || m.id`,
      'm',
      'old',
    ),
  }
}

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
      WHERE ${listOf(job)} ORDER BY r.n LIMIT ${SENT_AT_ONCE}) c
    WHERE invite_rows.draft_id = ${job.id} AND invite_rows.n = c.n AND ${atPlace(job)}`,
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
