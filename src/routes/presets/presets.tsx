import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { PresetPage } from '../../../views/presets/preset'
import { PresetFormPage } from '../../../views/presets/preset-form'
import { changedPresetInWords, deletedPresetInWords, REALIGN_REFUSALS, realignedInWords } from '../../../views/presets/preset-words'
import { PresetsPage } from '../../../views/presets/presets'
import type { AppEnv } from '../../env'
import { AGENT_MODE, SECTION } from '../../http/access-form'
import { admin, enter } from '../../http/door'
import { flashOf, redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo } from '../../http/page-before'
import { POSITION, partsOf, readQuery } from '../../http/query'
import { mergeShown, SHOWN, shownOf } from '../../http/shown'
import { agentChoices } from '../../models/access/agent-edit-page'
import { CONFIGURABLE } from '../../models/access/section'
import type { MemberAct } from '../../models/core/act'
import { realign } from '../../models/presets/member-preset'
import {
  changePreset,
  createPreset,
  deletedPresetOf,
  deletePreset,
  lastChangeOfPreset,
  type Preset,
  presetOf,
  type SaveReason,
} from '../../models/presets/preset'
import {
  checkPreset,
  draftOfFields,
  type PresetDraft,
  type PresetProblem,
  presetFields,
  toPresetDraft,
} from '../../models/presets/preset-draft'
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
import type { WorkspacePaths } from '../../paths'

export const presets = new Hono<AppEnv>()

const FORM = {
  name: v.string(),
  section: SECTION,
  mode: AGENT_MODE,
  agent: repeated(v.string()),
  until: v.optional(v.string(), ''),
}
const BLANK: PresetDraft = { name: '', section: CONFIGURABLE.map(({ slug }) => slug), mode: 'all', agent: [], until: '' }

presets.get('/', (c) => showPresets(c))

presets.get('/new', async (c) => {
  const { to, choices } = await enter(c, admin, (at) => ({ choices: agentChoices(at) }))
  return showForm(c, { to, choices, preset: undefined, draft: BLANK })
})

presets.post('/', async (c) => {
  const { act, to } = await enter(c, admin)
  const draft = draftOf(await readForm(c, FORM))
  const checked = checkPreset(draft, act.now)
  const made = 'facts' in checked ? await createPreset(act, checked.facts) : checked
  if ('reason' in made) return refuse(c, undefined, draft, made.reason)
  return redirectWith(c, to.preset(made.id), { notice: 'preset_created', who: draft.name })
})

presets.get('/:id', (c) => showPreset(c, c.req.param('id'), c.req.query()))

presets.get('/:id/edit', async (c) => {
  const { to, found, choices } = await enterPreset(c)
  const [preset] = found
  if (!preset) throw new HTTPException(404)
  return showForm(c, { to, choices, preset, draft: toPresetDraft(preset) })
})

presets.post('/:id', async (c) => {
  const { act, to, found } = await enterPreset(c)
  const { version, shown, ...form } = await readForm(c, { ...FORM, ...SHOWN })
  const [preset] = found
  const sent = draftOf(form)
  if (!preset) return showDeleted(c, act, sent)
  const { changed, theirs } = mergeShown({ version, shown }, currentOf(preset), presetFields(sent))
  const draft = draftOfFields({ ...currentOf(preset).fields, ...changed })
  if (Object.keys(theirs).length > 0) return showChanged(c, act, draft)
  const checked = checkPreset(draft, act.now)
  const refused = 'facts' in checked ? await changePreset(act, preset, checked.facts) : checked
  if (refused?.reason === 'stale') return showChanged(c, act, draft)
  if (refused) return refuse(c, preset, draft, refused.reason)
  return redirectWith(c, to.preset(preset.id), { notice: 'preset_changed', who: draft.name })
})

presets.post('/:id/delete', async (c) => {
  const { act, to, found } = await enterPreset(c)
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

const draftOf = ({ section, ...form }: Omit<PresetDraft, 'section'> & { section: string[] }): PresetDraft => ({
  ...form,
  section: section.filter(Boolean),
})

const enterPreset = (c: Context<AppEnv, '/:id/*'>) =>
  enter(c, admin, (at) => ({ found: presetOf(at, c.req.param('id') ?? ''), choices: agentChoices(at) }))

const currentOf = (preset: Preset) => ({ version: preset.version, fields: presetFields(toPresetDraft(preset)) })

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

/** What was sent cannot stay as it is: 422, and the draft. */
async function refuse(c: Context<AppEnv>, preset: Preset | undefined, draft: PresetDraft, problem: PresetProblem | SaveReason) {
  const { to, choices } = await enter(c, admin, (at) => ({ choices: agentChoices(at) }))
  return showForm(c, { to, choices, preset, draft, problem }, 422)
}

/** Somebody else saved it: 409, what they made of it, and what was changed here. */
async function showChanged(c: Context<AppEnv, '/:id/*'>, act: MemberAct, draft: PresetDraft) {
  const { to, found, choices } = await enterPreset(c)
  const [preset] = found
  if (!preset) return showDeleted(c, act, draft)
  const [last] = await lastChangeOfPreset(act, preset.name)
  return showForm(c, { to, choices, preset, draft, stale: { text: changedPresetInWords(preset, last, act.now) } }, 409)
}

/** Somebody deleted it: 409, and what was typed can make it anew. @throws HTTPException 404 for one that never was here */
async function showDeleted(c: Context<AppEnv, '/:id/*'>, act: MemberAct, draft?: PresetDraft) {
  const [deleted] = await deletedPresetOf(act, c.req.param('id') ?? '')
  if (!deleted) throw new HTTPException(404)
  const text = deletedPresetInWords(deleted, act.now)
  if (!draft) {
    c.status(409)
    return showPresets(c, { text: `${text} Nothing was changed.` })
  }
  const { to, choices } = await enter(c, admin, (at) => ({ choices: agentChoices(at) }))
  return showForm(c, { to, choices, preset: undefined, draft, stale: { text: `${text} Create it again?` } }, 409)
}

type Form = Omit<Parameters<typeof PresetFormPage>[0], 'title' | 'shown' | 'preset'> & {
  to: WorkspacePaths
  preset: Preset | undefined
}

function showForm(c: Context<AppEnv>, { preset, ...form }: Form, status: 200 | 409 | 422 = 200) {
  c.status(status)
  const title = preset ? `Edit ${preset.name}` : 'New preset'
  const shown = preset && { version: preset.version, fields: shownOf(currentOf(preset).fields) }
  return c.render(<PresetFormPage {...{ ...form, preset, title, shown }} />, { title })
}
