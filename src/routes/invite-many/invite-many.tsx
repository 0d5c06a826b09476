import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { type ManyDraft, ManyPage } from '../../../views/invite-many/many'
import type { ManyProblem } from '../../../views/invite-many/many-problems'
import type { AppEnv } from '../../env'
import { ACCESS_FIELDS, accessShown, overridesOf } from '../../http/access-form'
import { admin, enter } from '../../http/door'
import { readForm } from '../../http/forms'
import { NOTE_CHARACTERS } from '../../limits'
import { sectionsOf } from '../../models/access/access'
import { agentChoices } from '../../models/access/agent-edit-page'
import { agentsOfDraft, defaultsOf, toDefaults } from '../../models/access/preview'
import { linesOf } from '../../models/core/name'
import { decoded } from '../../models/invite-many/decoded'
import { createDraft, openDrafts } from '../../models/invite-many/draft'
import { MOST_ROWS, readList } from '../../models/invite-many/list'
import { namesOf, readRow } from '../../models/invite-many/row'
import { sentLists } from '../../models/invite-many/sent-lists'
import { endOfDay } from '../../models/members/end-date'
import type { Place } from '../../models/members/viewer'
import { presetOf } from '../../models/presets/preset'
import { toPresetDraft } from '../../models/presets/preset-draft'
import { presetChoices } from '../../models/presets/preset-page'

/** The list of people, before it is reviewed. */
export const inviteMany = new Hono<AppEnv>()

const FORM = {
  list: v.optional(v.string(), ''),
  /** None was chosen: the runtime reads a file without a name as text. */
  file: v.optional(v.union([v.instance(File), v.literal('')]), ''),
  /** What was in the file that came before: a browser does not send one twice. */
  filed: v.optional(v.string(), ''),
  role: v.picklist(['admin', 'user']),
  note: v.optional(v.string(), ''),
  ...ACCESS_FIELDS,
  until: v.optional(v.pipe(v.string(), v.trim()), ''),
  preset: v.optional(v.string(), ''),
  /** Only show the form again, with what each person would see. */
  preview: v.optional(v.literal('on')),
}
const BLANK: ManyDraft = { list: '', filed: '', role: 'user', note: '', section: [], agent: [], until: '', preset: '' }

inviteMany.get('/', (c) => showForm(c, BLANK))

inviteMany.post('/', async (c) => {
  // Before anything is read of it: the reading of a long list costs seconds, which a stranger must not have.
  const { act, to, choices, presets } = await enter(c, admin, (at) => ({ choices: agentChoices(at), presets: presetChoices(at) }))
  const { file, preview, ...typed } = await readForm(c, FORM)
  const filed = file ? decoded(new Uint8Array(await file.arrayBuffer())) : typed.filed
  if (filed === undefined) return showForm(c, typed, { reason: 'not_text' })
  const draft = { ...typed, filed }
  if (preview) return showForm(c, draft)
  const list = readList([draft.list, filed])
  if ('reason' in list) return showForm(c, draft, list)
  const endsAt = draft.until && draft.role === 'user' ? endOfDay(draft.until) : null
  const reason = problemWith(draft, endsAt, { agents: choices, presets })
  if (reason || endsAt === undefined) return showForm(c, draft, { reason: reason ?? 'no_day' })
  const known = { agents: namesOf(choices), presets: namesOf(presets) }
  const rows = list.rows.map((cells) => readRow(cells, known))
  const id = await createDraft(act, { ...settingsOf(draft), endsAt, ignored: list.ignored }, rows)
  return c.redirect(to.inviteList(id), 303)
})

type Here = { agents: { id: string }[]; presets: { id: string }[] }

/** What is wrong with what was chosen for everyone; `endsAt` is undefined for what is no day. */
function problemWith({ note, agent, preset }: ManyDraft, endsAt: number | null | undefined, here: Here) {
  const isGone = (id: string, among: { id: string }[]) => !among.some((each) => each.id === id)
  if ([...linesOf(note)].length > NOTE_CHARACTERS) return 'note_too_long'
  if (endsAt === undefined) return 'no_day'
  if (endsAt !== null && endsAt <= Date.now()) return 'past'
  if (agent.some((id) => isGone(id, here.agents))) return 'agent_gone'
  return preset && isGone(preset, here.presets) ? 'preset_gone' : undefined
}

const settingsOf = ({ role, section, agent_mode, agent, preset, note }: ManyDraft) => ({
  preset: preset || null,
  role,
  sections: section.length > 0 ? section.filter(Boolean) : null,
  mode: agent_mode ?? null,
  agents: [...new Set(agent)],
  note: linesOf(note) || null,
})

const formReads = (at: Place) => ({
  found: defaultsOf(at),
  choices: agentChoices(at),
  presets: presetChoices(at),
  drafts: openDrafts(at),
  sent: sentLists(at),
})

/** What each person gets: a preset takes the place of what is chosen below it. */
async function seenWith(c: Context<AppEnv>, draft: ManyDraft): Promise<ManyDraft> {
  if (!draft.preset) return draft
  const { found } = await enter(c, admin, (at) => ({ found: presetOf(at, draft.preset) }))
  const [preset] = found.map(toPresetDraft)
  return preset ? { ...draft, section: ['', ...preset.section], agent_mode: preset.mode, agent: preset.agent } : draft
}

async function showForm(c: Context<AppEnv>, draft: ManyDraft, problem?: ManyProblem) {
  const seen = await seenWith(c, draft)
  const { role, agent_mode: mode, agent: agentIds } = seen
  const { to, now, act, viewer, found, choices, presets, drafts, sent, agents } = await enter(c, admin, (at) => ({
    ...formReads(at),
    agents: agentsOfDraft(at, { role, agentMode: mode, agentIds }),
  }))
  if (problem) c.status(422)
  const { sections: defaults, agentMode } = toDefaults(found)
  const access = { defaults, overrides: overridesOf(draft, defaults), agentMode: draft.agent_mode ?? agentMode }
  const props = {
    to,
    now,
    draft,
    problem,
    presets,
    access: accessShown(choices, draft.agent, access),
    most: MOST_ROWS,
    seen: { sections: sectionsOf({ role, defaults, overrides: overridesOf(seen, defaults) }), agents, connected: viewer.connected },
    sent,
    waiting: drafts.filter(({ adminId }) => adminId === act.memberId),
  }
  return c.render(<ManyPage {...props} />, { title: 'Invite many people' })
}
