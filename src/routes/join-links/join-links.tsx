import type { Context } from 'hono'
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { JoinLinkPage } from '../../../views/join-links/join-link'
import { JoinLinksPage } from '../../../views/join-links/join-links'
import { turnedOffInWords } from '../../../views/join-links/join-words'
import { type NewJoinLinkDraft, NewJoinLinkPage } from '../../../views/join-links/new-join-link'
import { TurnOffPage } from '../../../views/join-links/turn-off'
import type { AppEnv } from '../../env'
import { ACCESS_FIELDS, accessShown, overridesOf } from '../../http/access-form'
import { admin, enter, fresh } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { forgetLink, keepLink } from '../../http/link'
import { POSITION, readQuery } from '../../http/query'
import { sectionsOf } from '../../models/access/access'
import { agentChoices } from '../../models/access/agent-edit-page'
import { defaultsOf, toDefaults } from '../../models/access/preview'
import { PAGE_ROWS, pageOf } from '../../models/core/paging'
import { linkOf } from '../../models/core/random'
import { signerOf } from '../../models/identity/keyring'
import { jtiOf, signToken } from '../../models/identity/token'
import { allowedDomainsOf } from '../../models/invitations/domains'
import { checkDraft, type JoinLinkProblems } from '../../models/join-links/draft'
import { cursorOf, joinLinkOf, joinLinksPage, LINK_ROWS, toJoinLink } from '../../models/join-links/join-link'
import { joinedPage, joinedSince, turnOffAndDisable } from '../../models/join-links/joined'
import { type MakeReason, makeJoinLink, turnOff } from '../../models/join-links/make'
import { requestCount } from '../../models/join-links/request'
import { presetChoices } from '../../models/presets/preset-page'
import { MAILED_PATHS } from '../../paths'

export const joinLinks = new Hono<AppEnv>()

const FORM = {
  label: v.optional(v.string(), ''),
  uses: v.optional(v.string(), ''),
  days: v.optional(v.string(), ''),
  domains: v.optional(v.string(), ''),
  approval: v.optional(v.picklist(['on', 'off']), 'off'),
  ...ACCESS_FIELDS,
  preset: v.optional(v.string(), ''),
}
const PROBLEMS: Record<MakeReason, JoinLinkProblems> = {
  unknown_preset: { preset: 'unknown_preset' },
  unknown_agent: { agents: 'unknown_agent' },
  domain_not_allowed: { domains: 'domain_not_allowed' },
}
const BLANK: NewJoinLinkDraft = {
  label: '',
  uses: '10',
  days: '7',
  domains: '',
  approval: 'off',
  section: [],
  agent: [],
  preset: '',
}

joinLinks.get('/', async (c) => {
  const position = readQuery(c, POSITION)
  const { to, now, rows, waiting } = await enter(c, admin, (at) => ({
    rows: joinLinksPage(at, position),
    waiting: requestCount(at),
  }))
  const { page, paging } = pageOf(rows, LINK_ROWS, cursorOf, position)
  const links = page.map((row) => toJoinLink(row, now))
  return c.render(<JoinLinksPage {...{ to, now, links, paging }} waiting={waiting[0]?.count ?? 0} />, { title: 'Join links' })
})

joinLinks.get('/new', (c) => showForm(c, BLANK))

joinLinks.post('/', async (c) => {
  const form = await readForm(c, FORM)
  const read = checkDraft({ ...form, approval: form.approval === 'on' })
  if ('problems' in read) return refuse(c, form, read.problems)
  const { act, to, found } = await enter(c, fresh(admin), (at) => ({ found: defaultsOf(at) }))
  const { sections: defaults, agentMode } = toDefaults(found)
  const own = {
    overrides: overridesOf(form, defaults),
    agentMode: form.agent_mode ?? agentMode,
    agentIds: form.agent,
    presetId: null,
  }
  const access = form.preset ? { overrides: {}, agentMode: 'all' as const, agentIds: [], presetId: form.preset } : own
  const made = await makeJoinLink(act, { ...read.draft, ...access })
  if ('reason' in made) return refuse(c, form, PROBLEMS[made.reason])
  const claims = { jti: made.jti, iat: act.now, exp: made.expiresAt }
  // The page after the redirect shows it once: until then it is with the one browser that asked for it, and nowhere of ours.
  keepLink(c, {
    name: await linkOf(made.jti),
    token: await signToken(signerOf(c.env.JOIN_LINK_KEYS, act.now), 'join_link', claims),
  })
  return redirectWith(c, to.joinLink(made.id), { notice: 'join_link_made' })
})

joinLinks.get('/:id', (c) => showLink(c))

joinLinks.get('/:id/off', (c) => showQuestion(c, readQuery(c, SINCE).since))

joinLinks.post('/:id/off', async (c) => {
  const id = c.req.param('id')
  const { act, to, found } = await enter(c, admin, (at) => ({ found: joinLinkOf(at, id) }))
  await readForm(c, {})
  if (!found[0]) throw new HTTPException(404)
  if (!(await turnOff(act, id))) return c.redirect(to.joinLink(id), 303)
  return redirectWith(c, to.joinLink(id), { notice: 'join_link_off' })
})

joinLinks.post('/:id/disable', async (c) => {
  const id = c.req.param('id')
  const { act, to, found } = await enter(c, admin, (at) => ({ found: joinLinkOf(at, id) }))
  const { since, count } = await readForm(c, { since: TIME, count: COUNT })
  if (!found[0]) throw new HTTPException(404)
  const done = await turnOffAndDisable(act, { linkId: id, since, count })
  if ('reason' in done) {
    c.status(409)
    return showQuestion(c, since, { changed: count })
  }
  const undo = done.undo ? { undo: done.undo } : {}
  return redirectWith(c, to.joinLink(id), { notice: 'join_link_off_disabled', who: turnedOffInWords(done.count), ...undo })
})

/** To the minute, as a browser's own field sends it, read as UTC. */
const TIME = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/),
  v.transform((text) => Date.parse(`${text}Z`)),
  v.number(),
)
const SINCE = { since: v.optional(TIME) }
const COUNT = v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.transform(Number))

async function showForm(c: Context<AppEnv>, draft: NewJoinLinkDraft, problems: JoinLinkProblems = {}) {
  const { to, found, choices, presets, allowed } = await enter(c, fresh(admin), (at) => ({
    allowed: allowedDomainsOf(at),
    found: defaultsOf(at),
    choices: agentChoices(at),
    presets: presetChoices(at),
  }))
  const { sections: defaults, agentMode } = toDefaults(found)
  const given = { defaults, overrides: overridesOf(draft, defaults), agentMode: draft.agent_mode ?? agentMode }
  const access = accessShown(choices, draft.agent, given)
  return c.render(<NewJoinLinkPage {...{ to, draft, problems, access, presets }} allowed={allowed.map(({ domain }) => domain)} />, {
    title: 'New join link',
  })
}

function refuse(c: Context<AppEnv>, draft: NewJoinLinkDraft, problems: JoinLinkProblems) {
  c.status(422)
  return showForm(c, draft, problems)
}

async function showLink(c: Context<AppEnv>) {
  const [id, position] = [c.req.param('id') ?? '', readQuery(c, POSITION)]
  const { to, now, found, rows, defaults } = await enter(c, admin, (at) => ({
    found: joinLinkOf(at, id),
    rows: joinedPage(at, id, position),
    defaults: defaultsOf(at),
  }))
  if (!found[0]) throw new HTTPException(404)
  const link = toJoinLink(found[0], now)
  const { page, paging } = pageOf(rows, PAGE_ROWS, ({ emailKey }) => emailKey, position)
  const sections = sectionsOf({ role: 'user', defaults: toDefaults(defaults).sections, overrides: link.overrides })
  const url = await urlShownOnce(c, link.name)
  return c.render(<JoinLinkPage {...{ to, now, link, people: page, paging, url }} sections={sections.map(({ name }) => name)} />, {
    title: link.label ?? 'Join link',
  })
}

/** In the browser that has just made it, and once. */
async function urlShownOnce(c: Context<AppEnv>, name: string) {
  const token = getCookie(c, `link-${name}`, 'host')?.replace(/^\d+\./, '')
  if (!token || !(await jtiOf(c.env.JOIN_LINK_KEYS, 'join_link', token))) return undefined
  forgetLink(c, { name })
  return `${c.env.APP_ORIGIN}${MAILED_PATHS.join_link}?token=${token}`
}

async function showQuestion(c: Context<AppEnv>, since: number | undefined, { changed }: { changed?: number } = {}) {
  const id = c.req.param('id') ?? ''
  const { to, now, found, people, first, left } = await enter(c, admin, (at) => ({
    found: joinLinkOf(at, id),
    ...joinedSince(at, id, since ?? 0),
  }))
  if (!found[0]) throw new HTTPException(404)
  const link = toJoinLink(found[0], now)
  const props = { to, now, link, since: since ?? link.createdAt, count: people[0]?.count ?? 0, first, left, changed }
  return c.render(<TurnOffPage {...props} />, { title: 'Turn off and disable' })
}
