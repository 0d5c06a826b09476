import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { SettingsPage } from '../../../views/workspace/settings'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { setFlash } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { actorOf } from '../../http/origin'
import {
  checkSettings,
  LINKED,
  type SettingsDraft,
  type SettingsProblems,
  saveSettings,
  settingsDocument,
  toSettingsDraft,
  type UrlField,
  urlField,
} from '../../models/workspace/settings'

export const settings = new Hono<AppEnv>()

/** A field that is not sent leaves its setting as it is. An empty `reminders` says that the box was there, and perhaps not ticked. */
const TEXT = v.exactOptional(v.string())
const URLS = Object.fromEntries(LINKED.map((section) => [urlField(section), TEXT])) as Record<UrlField, typeof TEXT>
const FORM = {
  name: TEXT,
  lifetime_hours: TEXT,
  default_agent_mode: v.exactOptional(v.picklist(['all', 'list'])),
  address_retention_days: TEXT,
  reminders: repeated(v.picklist(['', 'on'])),
  ...URLS,
}

settings.get('/', async (c) => show(c, (await enterSettings(c)).current))

settings.post('/', async (c) => {
  const { db, viewer, now, current } = await enterSettings(c)
  const { reminders, ...form } = await readForm(c, FORM)
  const draft = { ...current, ...form, ...(reminders.length > 0 && { reminders: switchOf(reminders) }) }
  const checked = checkSettings(draft, c.env.APP_ORIGIN)
  if ('problems' in checked) {
    c.status(422)
    return show(c, draft, checked.problems)
  }
  await saveSettings(db, viewer, actorOf(c, viewer), checked.settings, now)
  setFlash(c, { notice: 'settings_saved' })
  return c.redirect('/access/settings', 303)
})

const switchOf = (boxes: string[]): 'on' | 'off' => (boxes.includes('on') ? 'on' : 'off')

async function enterSettings(c: Context<AppEnv>) {
  const { found, ...entered } = await enter(c, admin, (db, { tenantId }) => ({ found: settingsDocument(db, tenantId) }))
  return { ...entered, current: toSettingsDraft(found[0]?.settings ?? '{}') }
}

const show = (c: Context<AppEnv>, draft: SettingsDraft, problems: SettingsProblems = {}) =>
  c.render(<SettingsPage draft={draft} problems={problems} sections={LINKED} />, { title: 'Settings' })
