import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AppFormPage, type AppFormProps } from '../../../views/apps/app-form'
import { changedAppInWords, REFUSALS, subjectName } from '../../../views/apps/app-words'
import { NewAppPage } from '../../../views/apps/new-app'
import { SecretPage } from '../../../views/apps/secret'
import type { AppEnv } from '../../env'
import { showDisconnected } from '../../http/app-page'
import { admin, enter, expectProof, fresh } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { readQuery } from '../../http/query'
import { mergeShown, SHOWN, type Shown, shownOf } from '../../http/shown'
import { agentChoices } from '../../models/access/agent-edit-page'
import { SECTIONS } from '../../models/access/section'
import type { Subject } from '../../models/apps/app'
import { type AppDetails, agentToConnect, appInWorkspace } from '../../models/apps/app-page'
import { changeApp } from '../../models/apps/change'
import { type Connected, connectApp } from '../../models/apps/connect'
import { lastChangeOfApp } from '../../models/apps/disconnect'
import { type AppDraft, BLANK_APP, checkApp, DECIDING, toAppDraft } from '../../models/apps/draft'
import type { For } from '../../models/apps/list'
import { settingsOf } from '../../models/apps/recipes/recipes'
import type { MemberAct } from '../../models/core/act'
import { randomId } from '../../models/core/random'
import type { WorkspacePaths } from '../../paths'

/** What an app is, typed by an admin: a new one, and one that is changed. */
export const appForm = new Hono<AppEnv>()

const LINES = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text.replaceAll('\r\n', '\n').trim()),
  ),
  '',
)
/** A box that is not ticked is not sent. */
const FORM = {
  name: v.string(),
  jwks: LINES,
  no_pkce: v.optional(v.literal('on'), undefined),
  redirect_uris: LINES,
  after_logout_uris: LINES,
  logout_uri: LINES,
  hosts: LINES,
  resource: LINES,
}
const NEW = {
  ...FORM,
  auth: v.picklist(['secret', 'none', 'key']),
  for: v.string(),
  /** Which form it is: sent twice, it connects one app. */
  form: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{10,64}$/))),
}

appForm.get('/new', async (c) => {
  const asked = readQuery(c, { for: v.optional(v.string()) }).for
  if (asked === undefined) return choose(c)
  const wanted = subjectNamed(asked)
  const { to, subject } = await enterToConnect(c, wanted)
  if (!wanted || !subject) throw new HTTPException(404)
  return showForm(c, { to, subject, draft: BLANK_APP, fresh: { form: randomId(), for: asked } })
})

appForm.post('/', async (c) => {
  const { for: asked, form = randomId(), ...sent } = await readForm(c, NEW)
  const wanted = subjectNamed(asked)
  if (!wanted) throw new HTTPException(400)
  const { act, to, subject = { ...wanted, agentName: null } } = await enterToConnect(c, wanted)
  const draft = draftOf(sent)
  const page = { to, subject, draft, fresh: { form, for: asked } }
  const checked = checkApp(draft, subject, c.env.APP_ORIGIN)
  if ('problems' in checked) return showForm(c, { ...page, problems: checked.problems }, 422)
  const made = await connectApp(act, wanted, checked.facts, form)
  if ('reason' in made && made.reason !== 'connected') return showForm(c, { ...page, refusal: REFUSALS[made.reason] }, 422)
  return showConnected(c, to, { ...checked.facts, id: made.id }, made)
})

appForm.get('/:id/edit', async (c) => {
  const { to, app } = await enterApp(c)
  if (!app) throw new HTTPException(404)
  return showForm(c, { to, app, subject: app, draft: toAppDraft(app) })
})

appForm.post('/:id', async (c) => {
  const { act, viewer, to, app } = await enterApp(c)
  const { version, shown, ...form } = await readForm(c, { ...FORM, ...SHOWN })
  if (!app) return showDisconnected(c, act)
  const sent = draftOf({ ...form, auth: app.auth })
  const asked = { sent, version, shown }
  const current = toAppDraft(app)
  const { changed, theirs } = merged(app, asked)
  if (DECIDING.some((field) => (changed[field] ?? current[field]) !== current[field])) expectProof(viewer)
  if (Object.keys(theirs).length > 0) return showChanged(c, act, asked)
  const draft = { ...current, ...changed }
  const checked = checkApp(draft, app, c.env.APP_ORIGIN)
  if ('problems' in checked) return showForm(c, { to, app, subject: app, draft, problems: checked.problems }, 422)
  const refused = await changeApp(act, app, checked.facts)
  if (refused?.reason === 'stale') return showChanged(c, act, asked)
  if (refused) return showForm(c, { to, app, subject: app, draft, refusal: REFUSALS[refused.reason] }, 422)
  return redirectWith(c, to.app(app.id), { notice: 'app_changed', who: checked.facts.name })
})

async function choose(c: Context<AppEnv>) {
  const { to, agents } = await enter(c, admin, (at) => ({ agents: agentChoices(at) }))
  return c.render(<NewAppPage {...{ to, agents }} />, { title: 'Connect an app' })
}

/** `workspace`, `section:traces` or `agent:` with its id; undefined for what none of these is. */
function subjectNamed(asked: string): Subject | undefined {
  if (asked === 'workspace') return { section: null, agentId: null }
  const [, kind, name = ''] = /^(section|agent):([\w-]+)$/.exec(asked) ?? []
  if (kind === 'agent') return { section: null, agentId: name }
  return SECTIONS.some(({ slug }) => slug === name) ? { section: name, agentId: null } : undefined
}

/** `subject` is undefined for an agent that is not of this workspace. */
async function enterToConnect(c: Context<AppEnv>, wanted: Subject | undefined) {
  const { act, to, found } = await enter(c, fresh(admin), (at) => ({ found: agentToConnect(at, wanted?.agentId ?? '') }))
  const [agent] = found
  const subject: For | undefined = wanted && (!wanted.agentId || agent) ? { ...wanted, agentName: agent?.name ?? null } : undefined
  return { act, to, subject }
}

async function enterApp(c: Context<AppEnv, '/:id/*'>) {
  const { act, viewer, to, found } = await enter(c, admin, (at) => ({ found: appInWorkspace(at, c.req.param('id') ?? '') }))
  return { act, viewer, to, app: found[0] }
}

type Sent = Omit<AppDraft, 'no_pkce'> & { no_pkce?: 'on' | undefined }

const draftOf = (sent: Sent): AppDraft => ({ ...sent, no_pkce: sent.no_pkce ?? 'off' })

/** With its secret where it has one, else its page. What was sent before connected it then. */
function showConnected(
  c: Context<AppEnv>,
  to: WorkspacePaths,
  app: Parameters<typeof settingsOf>[0] & { name: string },
  made: Connected,
) {
  if ('reason' in made) return redirectWith(c, to.app(app.id), { notice: 'app_connected_before', who: app.name })
  const { secret } = made
  if (!secret) return redirectWith(c, to.app(app.id), { notice: 'app_connected', who: app.name })
  const settings = settingsOf(app, c.env.APP_ORIGIN, secret)
  return c.render(<SecretPage {...{ to, app, secret, settings }} formerUntil={undefined} />, { title: `${app.name} is connected` })
}

/** What a form wants, and what its page showed. */
type Asked = Shown & { sent: AppDraft }

const merged = (app: AppDetails, { sent, ...shown }: Asked) =>
  mergeShown(shown, { version: app.version, fields: toAppDraft(app) }, sent)

/** Somebody else was first: 409, the app as it is now, and what was typed. */
async function showChanged(c: Context<AppEnv, '/:id'>, act: MemberAct, asked: Asked) {
  const { to, app } = await enterApp(c)
  if (!app) return showDisconnected(c, act)
  const [last] = await lastChangeOfApp(act, app.name)
  const { changed, theirs } = merged(app, asked)
  const stale = { text: changedAppInWords(app, last, act.now) }
  return showForm(c, { to, app, subject: app, draft: { ...toAppDraft(app), ...changed }, theirs, stale }, 409)
}

type Form = Omit<AppFormProps, 'title' | 'shown' | 'app'> & { app?: AppDetails }

/** What it shows of the app as it is now is what the next try is measured by. */
function showForm(c: Context<AppEnv>, { app, ...form }: Form, status: 200 | 409 | 422 = 200) {
  c.status(status)
  const title = app ? `Edit ${app.name}` : titleOf(form.subject)
  const shown = app && { version: app.version, fields: shownOf(toAppDraft(app)) }
  return c.render(<AppFormPage {...{ ...form, app, title, shown }} />, { title })
}

const titleOf = (subject: For) =>
  subject.section || subject.agentId ? `Connect an app to ${subjectName(subject)}` : 'Connect an app to the whole workspace'
