import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { shownName } from '../../../views/components/shown-address'
import { peopleInWords } from '../../../views/words'
import type { AppEnv } from '../../env'
import { admin, enter, expectProof } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { backTo } from '../../http/page-before'
import { start } from '../../jobs/queue'
import type { MemberAct } from '../../models/core/act'
import { type JobPage, jobOf } from '../../models/jobs/job'
import { beginUndo } from '../../models/undo/many'
import { grantsAdmin, undo as takeBack, type Undone, undoOf } from '../../models/undo/undo'
import type { WorkspacePaths } from '../../paths'

export const undo = new Hono<AppEnv>()

/** Another admin's undo is as unknown as one that never was. */
undo.post('/:id', async (c) => {
  const id = c.req.param('id')
  const { act, viewer, to, found, jobs, granting } = await enter(c, admin, (at) => ({
    found: undoOf(at, id),
    granting: grantsAdmin(at, id),
    jobs: jobOf(at, id),
  }))
  await readForm(c, {})
  const [[change], [job]] = [found, jobs]
  if (change?.adminId !== act.memberId) throw new HTTPException(404)
  if (granting[0]?.grants) expectProof(viewer)
  if (job) return ofMany(c, await beginUndo(act, { ...change, of: job }), to)
  return redirectWith(c, backTo(c, to.access), noticeOf(await takeBack(act, change), act))
})

/** To the report where somebody was left, or it goes on. */
function ofMany(c: Context<AppEnv>, job: JobPage | undefined, to: WorkspacePaths) {
  if (!job) return redirectWith(c, backTo(c, to.access), { notice: 'undo_over' })
  if (job.state === 'queued') start(c.env, c.executionCtx, job.id)
  if (job.state === 'queued' || job.leftOut > 0) return c.redirect(to.job(job.id), 303)
  return redirectWith(c, backTo(c, to.access), { notice: 'undone', who: peopleInWords(job.total) })
}

function noticeOf(result: Undone, { memberId }: MemberAct) {
  if ('reason' in result) return { notice: 'undo_over' as const }
  const marked = result.member ? { member: result.member } : {}
  if (result.restored === 0 && !result.since && result.block)
    return { notice: BLOCKED[result.block], who: whomOf(result), ...marked }
  if (result.left === 0) return { notice: 'undone' as const, who: whomOf(result), ...marked }
  const who = result.since?.actorId === memberId ? 'you' : (result.since?.actorName ?? 'someone')
  return { notice: result.restored > 0 ? ('undone_in_part' as const) : ('not_undone' as const), who, ...marked }
}

const BLOCKED = { no_seat: 'not_undone_no_seat', past_end: 'not_undone_past_end', has_end_date: 'not_undone_end_date' } as const

/** Of a column each person has one cell, of a person there may be several. */
const whomOf = ({ people: [first, second], members }: Exclude<Undone, { reason: string }>) => {
  if (second) return peopleInWords(members)
  return first ? shownName(first) : 'the workspace default'
}
