import { inArray, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { raw } from '../../db/raw'
import type { ACCESS_REQUEST_STATES } from '../../db/schema/access-requests'
import { undos } from '../../db/schema/undo'
import { agentAccessOf, listed, writeAgents } from '../access/agent-list'
import { writeSections } from '../access/permission'
import { planOf } from '../access/plan'
import { type Entry, latestAbout, record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { queueMail } from '../mail/queue-mail'
import { lastTurnOf, type Standing, standingOf } from '../members/standing'
import { keepUndo } from '../undo/keep'
import { lacks, lacksAgent, lacksSection, ownSection, sectionOfApp, waiting, written } from './waiting'

/** A request as a page showed it. `gets`: what it said that they would get, of their section and their agent. */
export type Shown = { memberId: string; appId: string; askedAt: number; gets: string[] }

/**
 * Why nothing was done. `unknown`: nobody here ever had the id; `gone`: they left; `not_active`: they may not enter; `answered`: by an admin;
 * `disconnected`: the app is gone; `sees`: they were given it elsewhere; `again`: they have asked anew;
 * `more`: they lack by now what the page did not say.
 */
export type NotAnswered =
  | { reason: 'unknown' }
  | { reason: 'gone'; member: undefined; turn: Entry }
  | { reason: 'not_active'; member: Standing; turn: Entry | undefined }
  | { reason: 'answered'; member: Standing; turn: Entry | undefined }
  | { reason: 'disconnected' | 'sees' | 'again' | 'more'; member: Standing; app: string | null }

/** `mailId`: of the email that tells whoever asked. */
export type Answered = { mailId: string; app: string; member: Standing } | NotAnswered

/** Gives whoever asked the section or the agent, as a setting of their own. There is no undo: they are told. */
export const give = (act: MemberAct, shown: Shown) =>
  answer(act, shown, 'given', (nonce) => {
    const [sections, agents] = [randomId(), randomId()]
    return [
      ...keepUndo(act, sections, 'sections', sectionFor(act, shown, nonce)),
      ...keepUndo(act, agents, 'agents', agentFor(act, shown, nonce)),
      ...writeSections(act, planOf(sections)),
      ...writeAgents(act, planOf(agents)),
      act.db.delete(undos).where(inArray(undos.id, [sections, agents])),
    ]
  })

export const decline = (act: MemberAct, shown: Shown) => answer(act, shown, 'declined', () => [])

const KINDS = { given: 'app_access_given', declined: 'app_access_declined' } as const
const MAILS = { given: 'access_given', declined: 'access_declined' } as const

type Writes = BatchItem<'sqlite'>[]

async function answer(
  act: MemberAct,
  shown: Shown,
  state: keyof typeof KINDS,
  write: (nonce: string) => Writes,
): Promise<Answered> {
  const [nonce, mailId] = [randomId(), crypto.randomUUID()]
  const about = written(nonce, isIt(act, shown))
  const [[member], [turn], [last], [found], [answered]] = await act.db.batch([
    standingOf(act, shown.memberId),
    lastTurnOf(act, shown.memberId),
    latestAbout(act, shown.memberId, Object.values(KINDS)),
    requestNow(act, shown),
    raw<{ id: string }>(
      act.db,
      sql`UPDATE access_requests AS r SET state = ${state}, write_nonce = ${nonce}
      WHERE (r.member_id, r.app_id) IN (SELECT q.member_id, q.app_id FROM ${waiting(act.now, sql`${isIt(act, shown)} AND q.asked_at = ${shown.askedAt} AND ${state === 'given' ? isShown(shown) : sql`true`}`)})
      RETURNING member_id AS id`,
    ),
    record(act, KINDS[state], about, { after: sql`json_object('app', a.name)` }),
    ...write(nonce),
    queueMail(act.db, { id: mailId, kind: MAILS[state], now: act.now, about: ABOUT }, about),
  ])
  if (answered && member) return { mailId, member, app: found?.app ?? '' }
  return reasonOf({ member, turn, last, found }, shown)
}

const ABOUT = sql`json_object('app', a.name, 'section', a.section, 'agent', a.agent_id)`

const isIt = ({ tenantId }: MemberAct, { memberId, appId }: Shown) =>
  sql`q.tenant_id = ${tenantId} AND q.member_id = ${memberId} AND q.app_id = ${appId}`

/** They lack nothing but what the page said. */
const isShown = ({ gets }: Shown) =>
  sql`NOT (${lacksSection} AND ${Number(!gets.includes('section'))}) AND NOT (${lacksAgent} AND ${Number(!gets.includes('agent'))})`

type Now = { state: (typeof ACCESS_REQUEST_STATES)[number]; askedAt: number; app: string | null; lacking: 0 | 1 }

const requestNow = (act: MemberAct, shown: Shown) =>
  raw<Now>(
    act.db,
    sql`
    SELECT q.state, q.asked_at AS askedAt, a.name AS app, coalesce(${lacks}, 0) AS lacking FROM access_requests q
      JOIN members m ON m.id = q.member_id LEFT JOIN apps a ON a.id = q.app_id AND a.tenant_id = q.tenant_id WHERE ${isIt(act, shown)}`,
  )

type Found = { member: Standing | undefined; turn: Entry | undefined; last: Entry | undefined; found: Now | undefined }

function reasonOf({ member, turn, last, found }: Found, { askedAt }: Shown): NotAnswered {
  if (!member) return turn ? { reason: 'gone', member, turn } : { reason: 'unknown' }
  if (found?.state !== 'waiting') return { reason: 'answered', member, turn: last }
  if (member.status !== 'active') return { reason: 'not_active', member, turn }
  const { app } = found
  if (app === null) return { reason: 'disconnected', member, app }
  if (!found.lacking) return { reason: 'sees', member, app }
  return { reason: found.askedAt === askedAt ? 'more' : 'again', member, app }
}

const sectionFor = (act: MemberAct, shown: Shown, nonce: string) => sql`
  SELECT m.id AS subject, ${sectionOfApp} AS field, ${ownSection} AS was, 'on' AS became
  FROM ${written(nonce, sql`${isIt(act, shown)} AND ${lacksSection}`)}`

const agentFor = (act: MemberAct, shown: Shown, nonce: string) => sql`
  SELECT m.id AS subject, 'agents' AS field, ${agentAccessOf()} AS was,
    ${agentAccessOf({ mode: sql`m.agent_mode`, ids: sql`${listed} UNION SELECT a.agent_id` })} AS became
  FROM ${written(nonce, sql`${isIt(act, shown)} AND ${lacksAgent}`)}`
