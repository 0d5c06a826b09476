import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { type InviteDraft, InvitePage } from '../../../views/invitations/invite'
import type { InviteProblem } from '../../../views/invitations/invite-problems'
import type { AppEnv } from '../../env'
import { ACCESS_FIELDS, accessShown, overridesOf } from '../../http/access-form'
import { admin, enter, expectProof } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { ADDRESS_FIELDS, readForm } from '../../http/forms'
import { readQuery, searchText } from '../../http/query'
import { tooMany } from '../../http/throttle'
import { NOTE_CHARACTERS } from '../../limits'
import { post } from '../../mail/queue'
import { type SectionSettings, sectionsOf } from '../../models/access/access'
import { agentChoices } from '../../models/access/agent-edit-page'
import { agentsOfDraft, agentsOfMember, defaultsOf, toDefaults } from '../../models/access/preview'
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

const FORM = {
  ...ADDRESS_FIELDS,
  name: v.optional(v.string(), ''),
  role: v.picklist(['admin', 'user']),
  note: v.optional(v.string(), ''),
  ...ACCESS_FIELDS,
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
  const { act, viewer, to, found } = await enter(c, admin, (at) => ({ found: defaultsOf(at) }))
  if (form.role === 'admin') expectProof(viewer)
  const draft = { ...draftOf(form, read.address, toDefaults(found).sections), endsAt, preset: presetIn(form, endsAt) }
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

const enterInvite = (c: Context<AppEnv>, { role, agent_mode: agentMode, agent: agentIds }: InviteDraft) =>
  enter(c, admin, (at) => ({ ...formReads(at), agents: agentsOfDraft(at, { role, agentMode, agentIds }) }))

/** The form as it was for somebody pending; the plain one when they are not any more. */
async function showLike(c: Context<AppEnv>, memberId: string) {
  const { given, ...entered } = await enter(c, admin, (at) => ({
    ...formReads(at),
    given: invitationLike(at, memberId),
    agents: agentsOfMember(at, memberId),
  }))
  const [like] = given
  return like ? show(c, entered, draftLike(like, toDefaults(entered.found).sections)) : c.redirect(entered.to.invite, 303)
}

type Like = Awaited<ReturnType<typeof invitationLike>>[number]

const draftLike = (
  { role, note, agentMode, agents, overrides, endsAt, presetId }: Like,
  defaults: SectionSettings,
): InviteDraft => ({
  ...BLANK,
  role,
  note: note ?? '',
  section: ['', ...sectionsOf({ role: 'user', defaults, overrides }).map(({ slug }) => slug)],
  agent_mode: agentMode,
  agent: agents,
  until: endsAt ? lastDayOf(endsAt) : '',
  preset: presetId ?? '',
})

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

/** The form, and what the person would see. What is ticked is a Tenant User's: of a Tenant Admin it is kept for a later change of role. */
function show(c: Context<AppEnv>, entered: Entered, draft: InviteDraft, problem?: InviteProblem) {
  const { to, now, viewer, found, choices, presets, agents, first, allowed, seat } = entered
  const { sections: defaults, agentMode } = toDefaults(found)
  const access = { defaults, overrides: overridesOf(draft, defaults), agentMode: draft.agent_mode ?? agentMode }
  const props = {
    ...{ to, now, draft, presets, agents, problem },
    access: accessShown(choices, draft.agent, access),
    sections: sectionsOf({ role: draft.role, ...access }),
    connected: viewer.connected,
    first: first.length > 0,
    domains: allowed.map(({ domain }) => domain),
    seats: seat[0],
    who: (problem?.reason === 'link_in_name' ? undefined : nameOf(draft.name)) ?? 'this person',
  }
  return c.render(<InvitePage {...props} />, { title: 'Invite User' })
}
