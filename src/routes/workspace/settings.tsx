import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { SettingsPage, type SettingsProps } from '../../../views/workspace/settings'
import { PANELS, type Panel, panelOf, type SettingsFields, type UrlField, urlField } from '../../../views/workspace/settings-fields'
import { changedSettingsInWords, lifetimeChosen, SAVED } from '../../../views/workspace/settings-words'
import type { AppEnv } from '../../env'
import { admin, enter, expectProof } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { readQuery } from '../../http/query'
import { mergeShown, SHOWN, type Shown, shownOf } from '../../http/shown'
import { LINKED, type LinkedSection } from '../../models/access/section'
import { latestOf } from '../../models/activity/latest'
import { FACTOR_POLICIES, type FactorPolicy, factorDueAt } from '../../models/identity/factor-policy'
import { storedCounts } from '../../models/members/counts'
import { lackingIn } from '../../models/members/lacking-factor'
import { asksSince, byLinked, type ReadSettings, saveSettings, settingsOf, toSettings } from '../../models/workspace/settings'
import { checkSettings, type SettingsDraft, toSettingsDraft } from '../../models/workspace/settings-draft'

export const settings = new Hono<AppEnv>()

const TEXT = v.exactOptional(v.string())
const urlFields = <T,>(of: (slug: LinkedSection['slug']) => T) =>
  Object.fromEntries(LINKED.map(({ slug }) => [urlField(slug), of(slug)])) as Record<UrlField, T>

const SWITCH = repeated(v.picklist(['', 'on']))

/**
 * A field that is not sent leaves its setting as it is. An empty switch says that it was there, and perhaps not on. `lifetime` is one of the usual
 * ones, or says that `lifetime_hours` was asked for.
 */
const FORM = {
  panel: v.exactOptional(v.picklist(PANELS)),
  name: TEXT,
  lifetime: v.exactOptional(v.pipe(v.string(), v.regex(/^(\d{1,4}|custom)$/))),
  lifetime_hours: TEXT,
  default_agent_mode: v.exactOptional(v.picklist(['all', 'list'])),
  address_retention_days: TEXT,
  reminders: SWITCH,
  reply_to_inviter: SWITCH,
  metadata_clients: SWITCH,
  factor_policy: v.exactOptional(v.picklist(FACTOR_POLICIES)),
  factor_grace_days: TEXT,
  allowed_domains: v.exactOptional(
    v.pipe(
      v.string(),
      v.transform((text) => text.replaceAll('\r\n', '\n').trim()),
    ),
  ),
  ...urlFields(() => TEXT),
  ...SHOWN,
}

settings.get('/', async (c) => {
  const entered = await enterSettings(c)
  const draft = toSettingsDraft(entered.current)
  return show(c, { ...entered, draft, would: readQuery(c, WOULD) })
})

settings.post('/', async (c) => {
  const entered = await enterSettings(c)
  const { act, to, current, viewer } = entered
  const asked = await readAsked(c)
  const { changed, theirs } = merged(current, asked)
  if (needsProof(changed)) expectProof(viewer)
  if (Object.keys(theirs).length > 0) return showChanged(c, entered, asked)
  const draft = draftOf({ ...fieldsOf(current), ...changed })
  const checked = checkSettings(draft, c.env.APP_ORIGIN)
  if ('problems' in checked) return show(c, { ...entered, draft, problems: checked.problems }, 422)
  if (!(await saveSettings(act, current, checked.settings))) return showChanged(c, entered, asked)
  return redirectWith(c, to.settings, { notice: 'settings_saved', who: asked.panel ? SAVED[asked.panel] : 'Settings' })
})

/** What decides who gets in and how. To let nobody in any more is asked of nobody. */
const needsProof = (changed: Partial<SettingsFields>) =>
  'factor_policy' in changed || 'factor_grace_days' in changed || changed.metadata_clients === 'on'

async function enterSettings(c: Context<AppEnv>) {
  const { found, stored, ...entered } = await enter(c, admin, (at) => ({ found: settingsOf(at), stored: storedCounts(at) }))
  return { ...entered, current: toSettings(found), lacking: lackingIn(stored) }
}
type Entered = Awaited<ReturnType<typeof enterSettings>>

/** What a form wants, and what its page showed. */
type Asked = Shown & { panel: Panel | undefined; sent: Partial<SettingsFields> }

async function readAsked(c: Context<AppEnv>): Promise<Asked> {
  const { panel, version, shown, reminders, reply_to_inviter, metadata_clients, lifetime, ...sent } = await readForm(c, FORM)
  const chosen = lifetime && lifetime !== 'custom' ? { lifetime_hours: lifetime } : {}
  return { panel, version, shown, sent: { ...sent, ...chosen, ...switched({ reminders, reply_to_inviter, metadata_clients }) } }
}

type Switches = Pick<SettingsFields, 'reminders' | 'reply_to_inviter' | 'metadata_clients'>

const switched = (boxes: Record<keyof Switches, string[]>): Partial<Switches> =>
  Object.fromEntries(
    Object.entries(boxes)
      .filter(([, sent]) => sent.length > 0)
      .map(([name, sent]) => [name, sent.includes('on') ? 'on' : 'off']),
  )

const merged = (current: ReadSettings, asked: Asked) =>
  mergeShown(asked, { version: current.version, fields: fieldsOf(current) }, asked.sent)

const fieldsOf = (current: ReadSettings): SettingsFields => {
  const draft = toSettingsDraft(current)
  return {
    ...urlFields((slug) => draft.urls[slug]),
    name: draft.name,
    lifetime_hours: draft.lifetimeHours,
    default_agent_mode: draft.defaultAgentMode,
    address_retention_days: draft.addressRetentionDays,
    reminders: draft.reminders ? 'on' : 'off',
    reply_to_inviter: draft.replyToInviter ? 'on' : 'off',
    allowed_domains: draft.allowedDomains,
    factor_policy: draft.factorPolicy,
    factor_grace_days: draft.factorGraceDays,
    metadata_clients: draft.metadataClients ? 'on' : 'off',
  }
}

const draftOf = (fields: SettingsFields): SettingsDraft => ({
  name: fields.name,
  lifetimeHours: fields.lifetime_hours,
  defaultAgentMode: fields.default_agent_mode,
  addressRetentionDays: fields.address_retention_days,
  reminders: fields.reminders === 'on',
  replyToInviter: fields.reply_to_inviter === 'on',
  allowedDomains: fields.allowed_domains,
  factorPolicy: fields.factor_policy,
  factorGraceDays: fields.factor_grace_days,
  metadataClients: fields.metadata_clients === 'on',
  urls: byLinked(({ slug }) => fields[urlField(slug)]),
})

/** Somebody else was first: 409, the settings as they are now, and what was typed. */
async function showChanged(c: Context<AppEnv>, entered: Entered, asked: Asked) {
  const { act } = entered
  const [found, [last]] = await act.db.batch([settingsOf(act), latestOf(act, 'settings_changed')])
  const current = toSettings(found)
  const { changed, theirs } = merged(current, asked)
  const draft = draftOf({ ...fieldsOf(current), ...changed })
  const stale = { text: changedSettingsInWords(last, act.now) }
  return show(c, { ...entered, current, draft, theirs, stale }, 409)
}

type Page = Entered & Omit<SettingsProps, 'to' | 'sections' | 'shown' | 'preview'> & { would?: Would }

/** The settings as they are now are what the next try is measured by. */
function show(c: Context<AppEnv>, { to, draft, problems, theirs, stale, would, ...entered }: Page, status: 200 | 409 | 422 = 200) {
  const { current } = entered
  c.status(status)
  const shown = {
    general: shownBy(current, 'general'),
    invitations: shownBy(current, 'invitations'),
    'second-factor': shownBy(current, 'second-factor'),
    mcp: shownBy(current, 'mcp'),
    links: shownBy(current, 'links'),
  }
  const preview = previewOf(entered, { factor_policy: draft.factorPolicy, factor_grace_days: draft.factorGraceDays, ...would })
  const page = { to, draft, problems, theirs, stale, shown, preview }
  return c.render(<SettingsPage {...page} sections={LINKED} />, { title: 'Settings' })
}

/** For the preview: what is chosen and not saved. */
const WOULD = { factor_policy: FORM.factor_policy, factor_grace_days: TEXT }
type Would = { factor_policy?: FactorPolicy; factor_grace_days?: string }

function previewOf(
  { current, lacking, viewer, now }: Pick<Entered, 'current' | 'lacking' | 'viewer' | 'now'>,
  would: Required<Would>,
) {
  const policy = would.factor_policy
  const graceDays = Number(would.factor_grace_days) || 0
  const policyAt = asksSince(current, { factorPolicy: policy }, now)
  const dueAt = factorDueAt({ policy, policyAt, graceDays, role: 'admin', joinedAt: null })
  return { policy, lacking, dueAt, self: { lacksFactor: viewer.factor.factors === 0 }, workspace: viewer.tenantName, now }
}

function shownBy(current: ReadSettings, panel: Panel) {
  const fields = { ...fieldsOf(current), lifetime: lifetimeChosen(`${current.lifetimeHours}`) }
  const own = Object.entries(fields).filter(([field]) => panelOf(field) === panel)
  return { version: current.version, fields: shownOf(Object.fromEntries(own)) }
}
