import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { type InviteDraft, InvitePage } from '../../../views/invitations/invite'
import type { InviteProblem } from '../../../views/invitations/invite-problems'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { ADDRESS_FIELDS, readForm, repeated } from '../../http/forms'
import { readQuery, searchText } from '../../http/query'
import { tooMany } from '../../http/throttle'
import { NOTE_CHARACTERS } from '../../limits'
import { post } from '../../mail/queue'
import { overridesFor, type SectionSettings, sectionsOf } from '../../models/access/access'
import { agentChoices } from '../../models/access/agent-edit-page'
import { agentsOfDraft, agentsOfMember, defaultsOf } from '../../models/access/preview'
import { CONFIGURABLE } from '../../models/access/section'
import type { MemberAct } from '../../models/core/act'
import type { Address } from '../../models/core/address'
import { hasWebAddress, linesOf, nameOf } from '../../models/core/name'
import { type AddressDoubt, namedApart, readEmail } from '../../models/core/typed-address'
import { allowedDomainsOf } from '../../models/invitations/domains'
import { invite as send } from '../../models/invitations/invite'
import { invitationLike } from '../../models/invitations/like'
import { endOfDay, lastDayOf } from '../../models/members/end-date'
import { seatsOf } from '../../models/members/seats'
import type { Place } from '../../models/members/viewer'
import { presetOf } from '../../models/presets/preset'
import { toPresetDraft } from '../../models/presets/preset-draft'
import { presetChoices } from '../../models/presets/preset-page'
import { notYetTried } from '../../models/workspace/first-steps'
import { withQuery } from '../../paths'

export const invite = new Hono<AppEnv>()

const ROLE = v.picklist(['admin', 'user'])
const MODE = v.picklist(['all', 'list'])
/** An empty `section` says that sections were chosen, though none is; without any field the tenant's defaults hold. */
const SECTION = v.picklist(['', ...CONFIGURABLE.map(({ slug }) => slug)])
const FORM = {
  ...ADDRESS_FIELDS,
  name: v.optional(v.string(), ''),
  role: ROLE,
  note: v.optional(v.string(), ''),
  section: repeated(SECTION),
  agent_mode: v.optional(MODE),
  agent: repeated(v.string()),
  /** The last day, in UTC; of a Tenant Admin it does not count. */
  until: v.optional(v.pipe(v.string(), v.trim()), ''),
  preset: v.optional(v.string(), ''),
  /** The preset that sections and agents were filled in from. */
  preset_shown: v.optional(v.string()),
  /** Only show the form again, with what the person would see. Nothing of a draft is ever in a URL. */
  preview: v.optional(v.literal('on')),
  /** Send, and start the next one with the same role, access and note. */
  another: v.optional(v.literal('on')),
}
const BLANK: InviteDraft = { email: '', name: '', role: 'user', note: '', section: [], agent: [], until: '', preset: '' }

invite.get('/new', async (c) => {
  const { like } = readQuery(c, { like: searchText })
  return like ? showLike(c, like) : showDraft(c, BLANK)
})

invite.post('/', async (c) => {
  // Read before the door, because what the form reads to be shown again depends on it.
  const form = namedApart(await readForm(c, FORM))
  // What is sent is what was last looked at: a preset that was chosen since is filled in first.
  if (form.preset && form.preset_shown !== undefined && form.preset !== form.preset_shown) return showFilled(c, form)
  if (form.preview) return showDraft(c, form)
  const read = readEmail(form)
  if ('email' in read) return doubt(c, { ...form, email: read.email }, read.doubt)
  if (hasWebAddress(form.name)) return refuse(c, form, { reason: 'link_in_name' })
  if ([...linesOf(form.note)].length > NOTE_CHARACTERS) return refuse(c, form, { reason: 'note_too_long' })
  const endsAt = form.until && form.role === 'user' ? endOfDay(form.until) : null
  if (endsAt === undefined) return refuse(c, form, { reason: 'no_day' })
  const { act, to, found } = await enter(c, admin, (at) => ({ found: defaultsOf(at) }))
  const draft = { ...draftOf(form, read.address, found[0]?.sections ?? {}), endsAt, preset: presetIn(form, endsAt) }
  const result = await send(act, draft, c.env.CAPS)
  if ('reason' in result) return refuse(c, form, asYourself(result, act))
  post(c.env, c.executionCtx, [result.mailId])
  const said = { notice: 'invited', who: read.address.email, member: result.memberId } as const
  return redirectWith(c, form.another ? withQuery(to.invite, { like: result.memberId }) : to.users, said)
})

const asYourself = <P extends InviteProblem>(problem: P, { memberId }: MemberAct): P | InviteProblem =>
  'memberId' in problem && problem.memberId === memberId ? { ...problem, reason: 'yourself' } : problem

const draftOf = (form: InviteDraft, address: Address, defaults: SectionSettings) => ({
  address,
  name: nameOf(form.name),
  role: form.role,
  note: linesOf(form.note) || null,
  overrides: overridesOf(form, defaults),
  agentMode: form.agent_mode,
  agentIds: form.agent,
})

/** A script that names a preset and no sections gives it as it is. */
function presetIn({ preset, role, section, agent_mode: mode = 'all', agent: agents }: InviteDraft, endsAt: number | null) {
  if (!preset || role === 'admin') return undefined
  const sections = Object.fromEntries(
    CONFIGURABLE.map(({ slug }) => [slug, section.includes(slug) ? ('on' as const) : ('off' as const)]),
  )
  return { id: preset, own: section.length > 0 ? { sections, mode, agents, endsAt } : undefined }
}

/** The form with what the preset says, to be looked at. */
async function showFilled(c: Context<AppEnv>, draft: InviteDraft) {
  const { found } = await enter(c, admin, (at) => ({ found: presetOf(at, draft.preset) }))
  const [preset] = found
  if (!preset) return refuse(c, { ...draft, preset: '' }, { reason: 'no_preset' })
  const { section, mode: agent_mode, agent, until } = toPresetDraft(preset)
  return showDraft(c, { ...draft, section: ['', ...section], agent_mode, agent, until: until || draft.until })
}

const formReads = (at: Place) => ({
  presets: presetChoices(at),
  found: defaultsOf(at),
  choices: agentChoices(at),
  first: notYetTried(at),
  allowed: allowedDomainsOf(at),
  seat: seatsOf(at),
})

async function enterInvite(c: Context<AppEnv>, draft: InviteDraft) {
  const entered = await enter(c, admin, (at) => ({
    ...formReads(at),
    agents: agentsOfDraft(at, { role: draft.role, agentMode: draft.agent_mode, agentIds: draft.agent }),
  }))
  return withDraft(entered, draft)
}

/** The form as it was for somebody pending; the plain one when they are not any more. */
async function showLike(c: Context<AppEnv>, memberId: string) {
  const { given, ...entered } = await enter(c, admin, (at) => ({
    ...formReads(at),
    given: invitationLike(at, memberId),
    agents: agentsOfMember(at, memberId),
  }))
  const [like] = given
  if (!like) return c.redirect(entered.to.invite, 303)
  const { role, note, agentMode, agents, overrides, endsAt, presetId } = like
  const sights = sectionsOf({ role: 'user', defaults: entered.found[0]?.sections ?? {}, overrides })
  const section = ['', ...sights.map(({ slug }) => slug)]
  const draft = {
    email: '',
    name: '',
    role,
    note: note ?? '',
    section,
    agent_mode: agentMode,
    agent: agents,
    until: endsAt ? lastDayOf(endsAt) : '',
    preset: presetId ?? '',
  }
  return show(c, withDraft(entered, draft), draft)
}

type Read = { found: Awaited<ReturnType<typeof defaultsOf>>; first: unknown[] }

function withDraft<E extends Read>({ found, first, ...entered }: E, draft: InviteDraft) {
  const defaults = found[0]?.sections ?? {}
  const agentMode = draft.agent_mode ?? found[0]?.agentMode ?? 'all'
  return { ...entered, defaults, agentMode, first: first.length > 0, ...seenWith(draft, defaults) }
}

/** What the person would see, and what is ticked, which for a Tenant Admin is kept for a later change of role. */
function seenWith(draft: InviteDraft, defaults: SectionSettings) {
  const settings = { defaults, overrides: overridesOf(draft, defaults) }
  const chosen = sectionsOf({ role: 'user', ...settings }).map(({ slug }) => slug)
  return { sections: sectionsOf({ role: draft.role, ...settings }), chosen }
}

const overridesOf = ({ section }: InviteDraft, defaults: SectionSettings) => (section.length ? overridesFor(section, defaults) : {})

type Entered = Awaited<ReturnType<typeof enterInvite>>

/** Reads what the form shows besides, which an invitation that is sent does without. */
async function refuse(c: Context<AppEnv>, draft: InviteDraft, problem: InviteProblem) {
  const entered = await enterInvite(c, draft)
  if ('retryAt' in problem && problem.retryAt) tooMany(c, problem.retryAt, entered.now)
  else c.status(422)
  return show(c, entered, draft, problem)
}

/** The correction, where it was taken, is only filled in: what is sent is what was last looked at. */
const doubt = (c: Context<AppEnv>, draft: InviteDraft, found: AddressDoubt | undefined) =>
  found ? refuse(c, draft, { reason: 'address', doubt: found }) : showDraft(c, draft)

const showDraft = async (c: Context<AppEnv>, draft: InviteDraft) => show(c, await enterInvite(c, draft), draft)

function show(c: Context<AppEnv>, entered: Entered, draft: InviteDraft, problem?: InviteProblem) {
  const { to, now, sections, chosen, agents, choices, agentMode, first, allowed, seat, presets } = entered
  const { connected } = entered.viewer
  const props = {
    to,
    now,
    draft,
    sections,
    connected,
    chosen,
    agents,
    choices,
    agentMode,
    first,
    domains: allowed.map(({ domain }) => domain),
    seats: seat[0],
    presets,
    problem,
    configurable: CONFIGURABLE,
    who: (problem?.reason === 'link_in_name' ? undefined : nameOf(draft.name)) ?? 'this person',
  }
  return c.render(<InvitePage {...props} />, { title: 'Invite User' })
}
