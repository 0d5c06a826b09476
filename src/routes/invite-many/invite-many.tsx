import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { type ManyDraft, ManyPage, type ManyProblem } from '../../../views/invite-many/many'
import type { AppEnv } from '../../env'
import { ACCESS_FIELDS, accessShown, overridesOf } from '../../http/access-form'
import { admin, enter } from '../../http/door'
import { readForm } from '../../http/forms'
import { NOTE_CHARACTERS } from '../../limits'
import { agentChoices } from '../../models/access/agent-edit-page'
import { defaultsOf, toDefaults } from '../../models/access/preview'
import { linesOf } from '../../models/core/name'
import { createDraft, openDrafts } from '../../models/invite-many/draft'
import { MOST_ROWS, readList } from '../../models/invite-many/list'
import { namesOf, readRow } from '../../models/invite-many/row'
import { endOfDay } from '../../models/members/end-date'
import type { Place } from '../../models/members/viewer'
import { presetChoices } from '../../models/presets/preset-page'

/** The list of people, before it is reviewed. */
export const inviteMany = new Hono<AppEnv>()

const FORM = {
  list: v.optional(v.string(), ''),
  /** None was chosen: the runtime reads a file without a name as text. */
  file: v.optional(v.union([v.instance(File), v.literal('')]), ''),
  role: v.picklist(['admin', 'user']),
  note: v.optional(v.string(), ''),
  ...ACCESS_FIELDS,
  until: v.optional(v.pipe(v.string(), v.trim()), ''),
  preset: v.optional(v.string(), ''),
}
const BLANK: ManyDraft = { list: '', role: 'user', note: '', section: [], agent: [], until: '', preset: '' }

inviteMany.get('/', (c) => showForm(c, BLANK))

inviteMany.post('/', async (c) => {
  const { file, ...draft } = await readForm(c, FORM)
  const list = readList(draft.list, file ? new Uint8Array(await file.arrayBuffer()) : undefined)
  if ('reason' in list) return showForm(c, { ...draft, list: withFile(draft.list, list.text) }, list)
  if ([...linesOf(draft.note)].length > NOTE_CHARACTERS) return showForm(c, draft, { reason: 'note_too_long', count: 0 })
  const endsAt = draft.until && draft.role === 'user' ? endOfDay(draft.until) : null
  if (endsAt === undefined) return showForm(c, draft, { reason: 'no_day', count: 0 })
  if (endsAt !== null && endsAt <= Date.now()) return showForm(c, draft, { reason: 'past', count: 0 })
  const { act, to, choices, presets } = await enter(c, admin, (at) => ({ choices: agentChoices(at), presets: presetChoices(at) }))
  const isGone = (id: string) => ![...choices, ...presets].some((each) => each.id === id)
  if ([...draft.agent, ...(draft.preset ? [draft.preset] : [])].some(isGone))
    return showForm(c, draft, { reason: 'agent_gone', count: 0 })
  const known = { agents: namesOf(choices), presets: namesOf(presets) }
  const id = await createDraft(
    act,
    { ...settingsOf(draft), endsAt },
    list.rows.map((cells) => readRow(cells, known)),
  )
  return c.redirect(to.inviteList(id), 303)
})

/** A browser does not send a file twice: what was in it goes on as text. */
const withFile = (pasted: string, filed: string) => [pasted, filed].filter((text) => text.trim()).join('\n')

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
})

async function showForm(c: Context<AppEnv>, draft: ManyDraft, problem?: ManyProblem) {
  const { to, now, act, found, choices, presets, drafts } = await enter(c, admin, formReads)
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
    waiting: drafts.filter(({ adminId }) => adminId === act.memberId),
  }
  return c.render(<ManyPage {...props} />, { title: 'Invite many people' })
}
