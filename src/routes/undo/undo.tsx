import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { shownName } from '../../../views/components/shown-address'
import { peopleInWords } from '../../../views/words'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { backTo } from '../../http/page-before'
import type { MemberAct } from '../../models/core/act'
import { undo as takeBack, type Undone, undoOf } from '../../models/undo/undo'

export const undo = new Hono<AppEnv>()

/** Another admin's undo is as unknown as one that never was. */
undo.post('/:id', async (c) => {
  const id = c.req.param('id')
  const { act, to, found } = await enter(c, admin, (at) => ({ found: undoOf(at, id) }))
  await readForm(c, {})
  const [change] = found
  if (change?.adminId !== act.memberId) throw new HTTPException(404)
  return redirectWith(c, backTo(c, to.access), noticeOf(await takeBack(act, change), act))
})

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
