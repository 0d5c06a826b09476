import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { type InviteDraft, InvitePage, type InviteProblem } from '../../../views/invitations/invite'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { setFlash } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { actorOf } from '../../http/origin'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { overridesFor, type SectionSettings, sectionsOf } from '../../models/access/access'
import { agentChoices, agentsOfDraft, defaultsOf } from '../../models/access/preview'
import { CONFIGURABLE } from '../../models/access/section'
import { toAgent } from '../../models/agents/agent'
import { notYetInvited } from '../../models/checks/mail-check'
import { addressOf } from '../../models/core/address'
import { linesOf } from '../../models/core/name'
import { invite, NOTE_CHARACTERS } from '../../models/invitations/invite'

export const invitations = new Hono<AppEnv>()

/** The limits of a day move on as time does; an hour later there may be room again. */
const RETRY_MS = 60 * 60_000

const ROLE = v.picklist(['admin', 'user'])
const MODE = v.picklist(['all', 'list'])
/** An empty `section` says that sections were chosen, though none is; without any field the tenant's defaults hold. */
const SECTION = v.picklist(['', ...CONFIGURABLE.map(({ slug }) => slug)])
const FORM = {
  email: v.string(),
  role: ROLE,
  note: v.optional(v.string(), ''),
  section: repeated(SECTION),
  agent_mode: v.optional(MODE),
  agent: repeated(v.string()),
}
/** The same form on its way to a preview: nothing of it is sent yet, so what is unknown is passed over. */
const DRAFT = {
  email: v.fallback(v.string(), ''),
  role: v.fallback(ROLE, 'user'),
  note: v.fallback(v.string(), ''),
  agent_mode: v.fallback(v.optional(MODE), undefined),
}

invitations.get('/new', async (c) => {
  const draft = {
    ...v.parse(v.object(DRAFT), c.req.query()),
    section: c.req.queries('section') ?? [],
    agent: c.req.queries('agent') ?? [],
  }
  return show(c, await enterInvite(c, draft), draft)
})

invitations.post('/', async (c) => {
  // Read before the door, because what the preview shows beside a refusal depends on it.
  const form = await readForm(c, FORM)
  const entered = await enterInvite(c, form)
  const { db, viewer, now, defaults, choices } = entered
  const address = addressOf(form.email)
  const note = linesOf(form.note)
  if (!address) return refuse(c, entered, form, 'not_an_address')
  if ([...note].length > NOTE_CHARACTERS) return refuse(c, entered, form, 'note_too_long')
  if (!form.agent.every((id) => choices.some((agent) => agent.id === id))) throw new HTTPException(404)

  const access = { overrides: overridesOf(form, defaults), agentMode: form.agent_mode, agentIds: [...new Set(form.agent)] }
  const result = await invite(
    db,
    viewer,
    actorOf(c, viewer),
    { address, role: form.role, note: note || null, ...access },
    c.env.CAPS,
    now,
  )
  if ('reason' in result) return refuse(c, entered, form, result.reason, result.memberId)
  post(c.env, c.executionCtx, [result.mailId])
  setFlash(c, { notice: 'invited', member: result.memberId })
  return c.redirect('/access/users', 303)
})

type Entered = Awaited<ReturnType<typeof enterInvite>>

async function enterInvite(c: Context<AppEnv>, draft: InviteDraft) {
  const { found, agents, ...entered } = await enter(c, admin, (db, { tenantId }) => ({
    found: defaultsOf(db, tenantId),
    choices: agentChoices(db, tenantId),
    first: notYetInvited(db, tenantId),
    agents: agentsOfDraft(db, tenantId, { role: draft.role, agentMode: draft.agent_mode, agentIds: draft.agent }),
  }))
  const defaults: SectionSettings = JSON.parse(found[0]?.sections ?? '{}')
  const settings = { defaults, overrides: overridesOf(draft, defaults) }
  const sections = sectionsOf({ role: draft.role, ...settings })
  const chosen = sectionsOf({ role: 'user', ...settings }).map(({ slug }) => slug)
  return {
    ...entered,
    defaults,
    sections,
    chosen,
    agentMode: draft.agent_mode ?? found[0]?.agentMode ?? 'all',
    agents: agents.map(toAgent),
  }
}

const overridesOf = ({ section }: InviteDraft, defaults: SectionSettings) => (section.length ? overridesFor(section, defaults) : {})

function refuse(c: Context<AppEnv>, entered: Entered, draft: InviteDraft, problem: InviteProblem, memberId?: string) {
  if (problem === 'unknown_agent') throw new HTTPException(404)
  if (problem.startsWith('too_')) tooMany(c, entered.now + RETRY_MS, entered.now)
  else c.status(422)
  return show(c, entered, draft, problem, memberId)
}

function show(c: Context<AppEnv>, entered: Entered, draft: InviteDraft, problem?: InviteProblem, memberId?: string) {
  const { sections, chosen, agents, choices, agentMode, first } = entered
  const props = {
    draft,
    sections,
    chosen,
    agents,
    choices,
    agentMode,
    problem,
    memberId,
    first: first.length > 0,
    configurable: CONFIGURABLE,
  }
  return c.render(<InvitePage {...props} />, { title: 'Invite User' })
}
