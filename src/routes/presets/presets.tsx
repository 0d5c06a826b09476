import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { PresetPage } from '../../../views/presets/preset'
import { deletedPresetInWords, REALIGN_REFUSALS, realignedInWords } from '../../../views/presets/preset-words'
import { PresetsPage } from '../../../views/presets/presets'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { flashOf, redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo } from '../../http/page-before'
import { POSITION, partsOf, readQuery } from '../../http/query'
import { agentChoices } from '../../models/access/agent-edit-page'
import type { MemberAct } from '../../models/core/act'
import { realign } from '../../models/presets/member-preset'
import { deletedPresetOf, deletePreset, presetOf } from '../../models/presets/preset'
import {
  differingPage,
  holderCount,
  holdersPage,
  lookedOver,
  presetsPage,
  toDiffering,
  toHolderCount,
  toHolders,
  toPresets,
} from '../../models/presets/preset-page'

/** The presets of a workspace, who has them and who differs. */
export const presets = new Hono<AppEnv>()

presets.get('/', (c) => showPresets(c))

presets.get('/:id', (c) => showPreset(c, c.req.param('id'), c.req.query()))

presets.post('/:id/delete', async (c) => {
  const { act, to, found } = await enter(c, admin, (at) => ({ found: presetOf(at, c.req.param('id')) }))
  await readForm(c, {})
  const [preset] = found
  if (!preset || !(await deletePreset(act, preset.id))) return showDeleted(c, act)
  return redirectWith(c, to.presets, { notice: 'preset_deleted', who: preset.name })
})

const VERSION = v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number))
const COUNT = v.optional(v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.transform(Number)))

/** Some, by name, or as many as the page said differ after where it began to look. */
presets.post('/:id/realign', async (c) => {
  const { act, to } = await enter(c, admin)
  const form = await readForm(c, {
    version: VERSION,
    member: repeated(v.string()),
    people: COUNT,
    cursor: v.optional(v.string(), ''),
  })
  const preset = c.req.param('id')
  const { version, member: members, people, cursor } = form
  if ((people === undefined) === (members.length === 0)) throw new HTTPException(400)
  const done = await realign(act, { preset, version, ...(people === undefined ? { members } : { cursor, people }) })
  if (!('reason' in done)) {
    const said = { notice: 'realigned' as const, who: realignedInWords(done), undo: done.undo }
    return redirectWith(c, backTo(c, to.preset(preset)), said)
  }
  if (done.reason === 'no_preset') return showDeleted(c, act)
  c.status(409)
  return showPreset(c, preset, { differ: 'on' }, { text: REALIGN_REFUSALS[done.reason] })
})

async function showPresets(c: Context<AppEnv>, stale?: { text: string }) {
  const position = stale ? { cursor: '' } : readQuery(c, POSITION)
  const { to, rows, now } = await enter(c, admin, (at) => ({ rows: presetsPage(at, position) }))
  return c.render(<PresetsPage {...toPresets(rows, position)} {...{ to, now, stale }} />, { title: 'Presets' })
}

const DIFFER = v.optional(v.literal('on'))

/** Who has it, or those of them who differ. @throws HTTPException 404 */
async function showPreset(c: Context<AppEnv>, id: string, query: Record<string, string>, stale?: { text: string }) {
  const { differ, ...position } = partsOf(query, { ...POSITION, differ: DIFFER })
  const { to, now, found, choices, count, rows, looked } = await enter(c, admin, (at) => ({
    found: presetOf(at, id),
    choices: agentChoices(at),
    count: holderCount(at, id),
    rows: differ ? differingPage(at, id, position.cursor) : holdersPage(at, id, position),
    ...(differ ? { looked: lookedOver(at, id, position.cursor) } : {}),
  }))
  const [preset] = found
  if (!preset) throw new HTTPException(404)
  const shown = looked ? toDiffering(rows, looked, now, position.cursor) : toHolders(rows, now, position)
  const page = { ...shown, preset, choices, count: toHolderCount(count), cursor: position.cursor, to, now, stale }
  return c.render(<PresetPage {...page} changed={flashOf(c)?.member} />, { title: preset.name })
}

/** Somebody deleted it: 409, and those that are left. @throws HTTPException 404 for one that never was here */
async function showDeleted(c: Context<AppEnv, '/:id/*'>, act: MemberAct) {
  const [deleted] = await deletedPresetOf(act, c.req.param('id') ?? '')
  if (!deleted) throw new HTTPException(404)
  c.status(409)
  return showPresets(c, { text: `${deletedPresetInWords(deleted, act.now)} Nothing was changed.` })
}
