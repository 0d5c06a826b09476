import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AccessDraft } from '../../../views/access/access-fields'
import { turnInWords } from '../../../views/activity/stale-words'
import { shownName } from '../../../views/components/shown-address'
import type { Stale } from '../../../views/components/stale'
import { RequestPage } from '../../../views/join-links/request'
import { approveRefusal } from '../../../views/join-links/request-words'
import { RequestsPage } from '../../../views/join-links/requests'
import type { AppEnv } from '../../env'
import { ACCESS_FIELDS, accessShown } from '../../http/access-form'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { POSITION, readQuery } from '../../http/query'
import { isAsShown, SHOWN, shownOf } from '../../http/shown'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { overridesFor, sectionsOf } from '../../models/access/access'
import { agentChoices } from '../../models/access/agent-edit-page'
import { defaultsOf, toDefaults } from '../../models/access/preview'
import type { Entry } from '../../models/activity/activity'
import type { MemberAct } from '../../models/core/act'
import { pageOf } from '../../models/core/paging'
import { type ApproveRefusal, approve, decline } from '../../models/join-links/answer'
import type { AccessGiven } from '../../models/join-links/join-link'
import { answerTo, REQUEST_ROWS, requestOf, requestsPage } from '../../models/join-links/request'

export const requests = new Hono<AppEnv>()

requests.get('/', (c) => showRequests(c))

requests.get('/:id', (c) => showRequest(c))

requests.post('/:id/approve', async (c) => {
  const { act, to, found, defaults, turn } = await enter(c, admin, (at) => ({
    found: requestOf(at, c.req.param('id')),
    defaults: defaultsOf(at),
    turn: answerTo(at, c.req.param('id')),
  }))
  const { shown, ...form } = await readForm(c, { ...ACCESS_FIELDS, shown: SHOWN.shown })
  const [request] = found
  const { sections } = toDefaults(defaults)
  if (!request) return gone(c, act, turn[0])
  if (isAsShown(shown, ['access', seenWith(request, sections)]) === false) return changed(c)
  const result = await approve(act, request, accessOf(form, request, sections), c.env.CAPS)
  if ('reason' in result) return result.reason === 'gone' ? gone(c, act, result.turn) : refuse(c, form, result)
  post(c.env, c.executionCtx, result.mailIds)
  const notice = request.hasAccount ? 'request_joined' : 'request_approved'
  return redirectWith(c, to.requests, { notice, who: shownName(request), member: request.id })
})

requests.post('/:id/decline', async (c) => {
  const id = c.req.param('id')
  const { act, to, found } = await enter(c, admin, (at) => ({ found: requestOf(at, id) }))
  await readForm(c, {})
  const result = await decline(act, id)
  if ('reason' in result) return gone(c, act, result.turn)
  post(c.env, c.executionCtx, result.mailIds)
  return redirectWith(c, to.requests, { notice: 'request_declined', ...(found[0] ? { who: shownName(found[0]) } : {}) })
})

type Link = AccessGiven & { preset: string | null; overrides: Parameters<typeof overridesFor>[1] }

/** What the form says. Where that is what the link gives, it is given as the link gives it: by its preset, as long as there is one. */
function accessOf(form: AccessDraft, link: Link, defaults: Link['overrides']): AccessGiven {
  const { overrides, agentMode, agentIds, presetId = null } = link
  const chosen = {
    overrides: form.section.length ? overridesFor(form.section, defaults) : overrides,
    agentMode: form.agent_mode ?? agentMode,
    agentIds: form.agent_mode ? form.agent : agentIds,
  }
  const isChosen = form.section.length > 0 && presetId !== null && link.preset === null
  const asGiven = !isChosen && seenWith(chosen, defaults) === seenWith(link, defaults)
  return asGiven ? { overrides, agentMode, agentIds, presetId } : { ...chosen, presetId: null }
}

/** What somebody sees with this access, to be compared. */
const seenWith = ({ overrides, agentMode, agentIds }: Omit<AccessGiven, 'presetId'>, defaults: Link['overrides']) =>
  JSON.stringify([sectionsGiven({ overrides }, defaults), agentMode === 'all' || agentIds.toSorted()])

/** The row said something else: 409, and what the link gives now. */
function changed(c: Context<AppEnv>) {
  c.status(409)
  return showRequests(c, { text: 'What this person would see has changed in the meantime. Nothing was changed.' })
}

/** Somebody answered before: 409, those who wait now, and who answered. Never the words of a 404 for somebody who did wait. */
function gone(c: Context<AppEnv>, act: MemberAct, turn: Entry | undefined) {
  if (!turn) throw new HTTPException(404)
  c.status(409)
  return showRequests(c, { text: `${turnInWords({ member: undefined, turn }, act)} Nothing was changed.` })
}

function refuse(c: Context<AppEnv>, draft: AccessDraft, refusal: ApproveRefusal) {
  if (refusal.retryAt) tooMany(c, refusal.retryAt, Date.now())
  else c.status(refusal.reason.startsWith('already') ? 409 : 422)
  return showRequest(c, draft, refusal)
}

async function showRequests(c: Context<AppEnv>, stale?: Stale) {
  const position = stale ? { cursor: '' } : readQuery(c, POSITION)
  const { to, now, rows, defaults } = await enter(c, admin, (at) => ({
    rows: requestsPage(at, position),
    defaults: defaultsOf(at),
  }))
  const { page, paging } = pageOf(rows, REQUEST_ROWS, ({ createdAt, id }) => `${createdAt}.${id}`, position)
  const { sections } = toDefaults(defaults)
  const people = page.map((request) => ({
    ...request,
    sections: sectionsGiven(request, sections),
    shown: shownOf({ access: seenWith(request, sections) }),
  }))
  return c.render(<RequestsPage {...{ to, now, people, paging, stale }} />, { title: 'Waiting for approval' })
}

const sectionsGiven = ({ overrides }: Pick<Link, 'overrides'>, defaults: Link['overrides']) =>
  sectionsOf({ role: 'user', defaults, overrides }).map(({ name }) => name)

/** The access of one person, to be changed before they are let in. */
async function showRequest(c: Context<AppEnv>, draft?: AccessDraft, refusal?: ApproveRefusal) {
  const id = c.req.param('id') ?? ''
  const { act, to, now, found, turn, defaults, choices } = await enter(c, admin, (at) => ({
    found: requestOf(at, id),
    turn: answerTo(at, id),
    defaults: defaultsOf(at),
    choices: agentChoices(at),
  }))
  const [request] = found
  if (!request) return gone(c, act, turn[0])
  const { sections } = toDefaults(defaults)
  const given = accessOf(draft ?? { section: [], agent: [] }, request, sections)
  const access = accessShown(choices, given.agentIds, { ...given, defaults: sections })
  const problem = refusal && approveRefusal(refusal, now)
  return c.render(<RequestPage {...{ to, now, request, access, problem }} />, { title: shownName(request) })
}
