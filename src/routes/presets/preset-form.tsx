import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { PresetFormPage } from '../../../views/presets/preset-form'
import { changedPresetInWords, deletedPresetInWords } from '../../../views/presets/preset-words'
import type { AppEnv } from '../../env'
import { AGENT_MODE, SECTION } from '../../http/access-form'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { mergeShown, SHOWN, shownOf } from '../../http/shown'
import { agentChoices } from '../../models/access/agent-edit-page'
import { CONFIGURABLE } from '../../models/access/section'
import type { MemberAct } from '../../models/core/act'
import {
  changePreset,
  createPreset,
  deletedPresetOf,
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
import type { WorkspacePaths } from '../../paths'

/** What a preset says, typed by an admin: a new one, and one that is changed. */
export const presetForm = new Hono<AppEnv>()

const FORM = {
  name: v.string(),
  section: SECTION,
  mode: AGENT_MODE,
  agent: repeated(v.string()),
  until: v.optional(v.string(), ''),
}
const BLANK: PresetDraft = { name: '', section: CONFIGURABLE.map(({ slug }) => slug), mode: 'all', agent: [], until: '' }

presetForm.get('/new', async (c) => {
  const { to, choices } = await enter(c, admin, (at) => ({ choices: agentChoices(at) }))
  return showForm(c, { to, choices, preset: undefined, draft: BLANK })
})

presetForm.post('/', async (c) => {
  const { act, to } = await enter(c, admin)
  const draft = draftOf(await readForm(c, FORM))
  const checked = checkPreset(draft, act.now)
  const made = 'facts' in checked ? await createPreset(act, checked.facts) : checked
  if ('reason' in made) return refuse(c, undefined, draft, made.reason)
  return redirectWith(c, to.preset(made.id), { notice: 'preset_created', who: draft.name })
})

presetForm.get('/:id/edit', async (c) => {
  const { to, found, choices } = await enterPreset(c)
  const [preset] = found
  if (!preset) throw new HTTPException(404)
  return showForm(c, { to, choices, preset, draft: toPresetDraft(preset) })
})

presetForm.post('/:id', async (c) => {
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

const draftOf = ({ section, ...form }: Omit<PresetDraft, 'section'> & { section: string[] }): PresetDraft => ({
  ...form,
  section: section.filter(Boolean),
})

const enterPreset = (c: Context<AppEnv, '/:id/*'>) =>
  enter(c, admin, (at) => ({ found: presetOf(at, c.req.param('id') ?? ''), choices: agentChoices(at) }))

const currentOf = (preset: Preset) => ({ version: preset.version, fields: presetFields(toPresetDraft(preset)) })

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
async function showDeleted(c: Context<AppEnv, '/:id/*'>, act: MemberAct, draft: PresetDraft) {
  const [deleted] = await deletedPresetOf(act, c.req.param('id') ?? '')
  if (!deleted) throw new HTTPException(404)
  const { to, choices } = await enter(c, admin, (at) => ({ choices: agentChoices(at) }))
  const text = `${deletedPresetInWords(deleted, act.now)} Create it again?`
  return showForm(c, { to, choices, preset: undefined, draft, stale: { text } }, 409)
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
