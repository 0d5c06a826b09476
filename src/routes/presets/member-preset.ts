import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { deletedPresetInWords, givenInWords, PRESET_OVER } from '../../../views/presets/preset-words'
import { ALWAYS_EVERYTHING } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { backTo } from '../../http/page-before'
import { showChanged, showMember } from '../../http/people'
import type { MemberAct } from '../../models/core/act'
import { MEMBER_STATUSES } from '../../models/members/standing'
import { setPreset } from '../../models/presets/member-preset'
import { deletedPresetOf } from '../../models/presets/preset'

/** The preset of one person. */
export const memberPreset = new Hono<AppEnv>()

/** An empty one forgets it; the one that they have, where they differ from it, is given again. */
memberPreset.post('/:id/preset', async (c) => {
  const id = c.req.param('id')
  const { act, to } = await enter(c, admin)
  const { preset, state } = await readForm(c, { preset: v.string(), state: v.optional(v.picklist(MEMBER_STATUSES)) })
  const given = await setPreset(act, { id, state }, preset || undefined)
  if (!('reason' in given)) {
    const said = { notice: 'preset_given' as const, who: givenInWords(given), member: id, undo: given.undo }
    return redirectWith(c, backTo(c, to.member(id), to.presets), said)
  }
  if (given.reason === 'no_preset') return showPresetGone(c, act, id, preset)
  if (given.reason === 'preset_over') return showStale(c, id, PRESET_OVER)
  if (given.reason === 'is_admin') return showStale(c, id, `${ALWAYS_EVERYTHING.title}. Nothing was changed.`)
  return showChanged(c, given, { act, id })
})

/** @throws HTTPException 404 for a preset that never was here */
async function showPresetGone(c: Context<AppEnv>, act: MemberAct, id: string, preset: string) {
  const [deleted] = await deletedPresetOf(act, preset)
  if (!deleted) throw new HTTPException(404)
  return showStale(c, id, `${deletedPresetInWords(deleted, act.now)} Nothing was changed.`)
}

/** 409, and the person as they are now. */
function showStale(c: Context<AppEnv>, id: string, text: string) {
  c.status(409)
  return showMember(c, id, { stale: { text } })
}
