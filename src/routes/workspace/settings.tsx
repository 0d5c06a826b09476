import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { SettingsPage, type SettingsProps } from '../../../views/workspace/settings'
import { PANELS, type Panel, panelOf, type SettingsFields, type UrlField, urlField } from '../../../views/workspace/settings-fields'
import { changedSettingsInWords, lifetimeChosen, SAVED } from '../../../views/workspace/settings-words'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { mergeShown, SHOWN, type Shown, shownOf } from '../../http/shown'
import { LINKED, type LinkedSection } from '../../models/access/section'
import { latestOf } from '../../models/activity/latest'
import type { MemberAct } from '../../models/core/act'
import { byLinked, type ReadSettings, saveSettings, settingsOf, toSettings } from '../../models/workspace/settings'
import { checkSettings, type SettingsDraft, toSettingsDraft } from '../../models/workspace/settings-draft'
import { pathsIn, type WorkspacePaths } from '../../paths'

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
  const { to, current } = await enterSettings(c)
  return show(c, { to, current, draft: toSettingsDraft(current) })
})

settings.post('/', async (c) => {
  const { act, to, current } = await enterSettings(c)
  const asked = await readAsked(c)
  const { changed, theirs } = merged(current, asked)
  if (Object.keys(theirs).length > 0) return showChanged(c, act, asked)
  const draft = draftOf({ ...fieldsOf(current), ...changed })
  const checked = checkSettings(draft, c.env.APP_ORIGIN)
  if ('problems' in checked) return show(c, { to, current, draft, problems: checked.problems }, 422)
  if (!(await saveSettings(act, current, checked.settings))) return showChanged(c, act, asked)
  return redirectWith(c, to.settings, { notice: 'settings_saved', who: asked.panel ? SAVED[asked.panel] : 'Settings' })
})

async function enterSettings(c: Context<AppEnv>) {
  const { act, to, found } = await enter(c, admin, (at) => ({ found: settingsOf(at) }))
  return { act, to, current: toSettings(found) }
}

/** What a form wants, and what its page showed. */
type Asked = Shown & { panel: Panel | undefined; sent: Partial<SettingsFields> }

async function readAsked(c: Context<AppEnv>): Promise<Asked> {
  const { panel, version, shown, reminders, reply_to_inviter, lifetime, ...sent } = await readForm(c, FORM)
  const chosen = lifetime && lifetime !== 'custom' ? { lifetime_hours: lifetime } : {}
  return { panel, version, shown, sent: { ...sent, ...chosen, ...switched({ reminders, reply_to_inviter }) } }
}

type Switches = Pick<SettingsFields, 'reminders' | 'reply_to_inviter'>

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
  urls: byLinked(({ slug }) => fields[urlField(slug)]),
})

/** Somebody else was first: 409, the settings as they are now, and what was typed. */
async function showChanged(c: Context<AppEnv>, act: MemberAct, asked: Asked) {
  const [found, [last]] = await act.db.batch([settingsOf(act), latestOf(act, 'settings_changed')])
  const current = toSettings(found)
  const { changed, theirs } = merged(current, asked)
  const draft = draftOf({ ...fieldsOf(current), ...changed })
  const stale = { text: changedSettingsInWords(last, act.now) }
  return show(c, { to: pathsIn(act.tenantId), current, draft, theirs, stale }, 409)
}

type Page = Omit<SettingsProps, 'sections' | 'shown'> & { to: WorkspacePaths; current: ReadSettings }

/** The settings as they are now are what the next try is measured by. */
function show(c: Context<AppEnv>, { current, ...page }: Page, status: 200 | 409 | 422 = 200) {
  c.status(status)
  const shown = {
    general: shownBy(current, 'general'),
    invitations: shownBy(current, 'invitations'),
    links: shownBy(current, 'links'),
  }
  return c.render(<SettingsPage {...page} sections={LINKED} shown={shown} />, { title: 'Settings' })
}

function shownBy(current: ReadSettings, panel: Panel) {
  const fields = { ...fieldsOf(current), lifetime: lifetimeChosen(`${current.lifetimeHours}`) }
  const own = Object.entries(fields).filter(([field]) => panelOf(field) === panel)
  return { version: current.version, fields: shownOf(Object.fromEntries(own)) }
}
