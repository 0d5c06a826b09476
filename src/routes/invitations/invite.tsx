import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { type InviteDraft, InvitePage, type InviteProblem } from '../../../views/invitations/invite'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { tooMany } from '../../http/throttle'
import { NOTE_CHARACTERS } from '../../limits'
import { post } from '../../mail/queue'
import { overridesFor, type SectionSettings, sectionsOf } from '../../models/access/access'
import { agentChoices, agentsOfDraft, defaultsOf } from '../../models/access/preview'
import { CONFIGURABLE } from '../../models/access/section'
import { notYetInvited } from '../../models/checks/mail-check'
import { type Address, addressOf } from '../../models/core/address'
import { linesOf } from '../../models/core/name'
import { invite as send } from '../../models/invitations/invite'

export const invite = new Hono<AppEnv>()

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
  /** Without JavaScript: only show the form again, with what the person would see. */
  preview: v.optional(v.literal('on')),
}
/** What a preview asks by. The address and the note have no part in it, and stay out of every URL. */
const ACCESS = { role: v.fallback(ROLE, 'user'), agent_mode: v.fallback(v.optional(MODE), undefined) }

invite.get('/new', async (c) => {
  const access = {
    ...v.parse(v.object(ACCESS), c.req.query()),
    section: c.req.queries('section') ?? [],
    agent: c.req.queries('agent') ?? [],
  }
  const draft = { email: '', note: '', ...access }
  return show(c, await enterInvite(c, draft), draft)
})

invite.post('/', async (c) => {
  // Read before the door, because what the preview shows beside a refusal depends on it.
  const form = await readForm(c, FORM)
  const entered = await enterInvite(c, form)
  if (form.preview) return show(c, entered, form)
  const address = addressOf(form.email)
  if (!address) return refuse(c, entered, form, { reason: 'not_an_address' })
  if ([...linesOf(form.note)].length > NOTE_CHARACTERS) return refuse(c, entered, form, { reason: 'note_too_long' })
  const result = await send(entered.act, draftOf(form, address, entered.defaults), c.env.CAPS)
  if ('reason' in result) return refuse(c, entered, form, result)
  post(c.env, c.executionCtx, [result.mailId])
  return redirectWith(c, entered.to.users, { notice: 'invited', who: address.email, member: result.memberId })
})

const draftOf = (form: InviteDraft, address: Address, defaults: SectionSettings) => ({
  address,
  role: form.role,
  note: linesOf(form.note) || null,
  overrides: overridesOf(form, defaults),
  agentMode: form.agent_mode,
  agentIds: form.agent,
})

type Entered = Awaited<ReturnType<typeof enterInvite>>

async function enterInvite(c: Context<AppEnv>, draft: InviteDraft) {
  const { found, first, ...entered } = await enter(c, admin, (at) => ({
    found: defaultsOf(at),
    choices: agentChoices(at),
    first: notYetInvited(at),
    agents: agentsOfDraft(at, { role: draft.role, agentMode: draft.agent_mode, agentIds: draft.agent }),
  }))
  const defaults = found[0]?.sections ?? {}
  return {
    ...entered,
    defaults,
    agentMode: draft.agent_mode ?? found[0]?.agentMode ?? 'all',
    first: first.length > 0,
    ...seenWith(draft, defaults),
  }
}

/** What the person would see, and what is ticked, which for a Tenant Admin is kept for a later change of role. */
function seenWith(draft: InviteDraft, defaults: SectionSettings) {
  const settings = { defaults, overrides: overridesOf(draft, defaults) }
  const chosen = sectionsOf({ role: 'user', ...settings }).map(({ slug }) => slug)
  return { sections: sectionsOf({ role: draft.role, ...settings }), chosen }
}

const overridesOf = ({ section }: InviteDraft, defaults: SectionSettings) => (section.length ? overridesFor(section, defaults) : {})

function refuse(c: Context<AppEnv>, entered: Entered, draft: InviteDraft, problem: InviteProblem) {
  if (problem.retryAt) tooMany(c, problem.retryAt, entered.now)
  else c.status(422)
  return show(c, entered, draft, problem)
}

function show(c: Context<AppEnv>, entered: Entered, draft: InviteDraft, problem?: InviteProblem) {
  const { to, now, sections, chosen, agents, choices, agentMode, first } = entered
  const props = { to, now, draft, sections, chosen, agents, choices, agentMode, first, problem, configurable: CONFIGURABLE }
  return c.render(<InvitePage {...props} />, { title: 'Invite User' })
}
