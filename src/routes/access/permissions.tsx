import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { PermissionsPage } from '../../../views/access/permissions'
import type { Notice } from '../../../views/notices'
import { ALWAYS_EVERYTHING } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { refuse } from '../../http/errors'
import { flashOf, setFlash } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo } from '../../http/next'
import { actorOf } from '../../http/origin'
import { readQuery, words } from '../../http/query'
import {
  permissionsPage,
  SECTION_ACCESS,
  sectionDefaultsOf,
  setSectionDefault,
  setSections,
  toColumns,
  toPermissions,
  type Wanted,
} from '../../models/access/permission'
import { CONFIGURABLE, type SectionSlug } from '../../models/access/section'

export const permissions = new Hono<AppEnv>()

const PATH = '/access/permissions'
const SECTION = v.picklist(CONFIGURABLE.map(({ slug }) => slug))
const ACCESS = v.picklist(SECTION_ACCESS)

permissions.get('/', async (c) => {
  const search = readQuery(c, { q: words, cursor: words })
  const { rows, defaults, now } = await enter(c, admin, (db, at) => ({
    rows: permissionsPage(db, at.tenantId, search),
    defaults: sectionDefaultsOf(db, at.tenantId),
  }))
  const page = { ...toPermissions(rows, now), columns: toColumns(defaults), search, changed: flashOf(c)?.member }
  return c.render(<PermissionsPage {...page} />, { title: 'Permission Matrix' })
})

permissions.post('/defaults', async (c) => {
  const { db, viewer, now } = await enter(c, admin)
  const { section, access } = await readForm(c, { section: SECTION, access: v.picklist(['on', 'off']) })
  const was = await setSectionDefault(db, viewer, actorOf(c, viewer), section, access, now)
  const undo = { action: `${PATH}/defaults`, fields: pairs({ section, access: was }) }
  setFlash(c, { notice: 'section_default_changed', undo: was === access ? undefined : undo })
  return c.redirect(backTo(c, PATH), 303)
})

/** Of people on a page: one `access` each, or one for them all. */
permissions.post('/columns', async (c) => {
  const entered = await enter(c, admin)
  const form = await readForm(c, { section: SECTION, member: repeated(v.string()), access: repeated(ACCESS) })
  const { section, member: members, access } = form
  const cells = zip(members, access.length === 1 ? members.flatMap(() => access) : access, (member, access) => ({
    member,
    section,
    access,
  }))
  const changed = await setSections(entered.db, entered.viewer, actorOf(c, entered.viewer), cells, entered.now)
  if ('reason' in changed) throw new HTTPException(404)
  const undone = changed.former.flatMap(({ member, access }) => pairs({ member, access }))
  return answer(c, { notice: 'column_changed' }, `${PATH}/columns`, undone.length > 0 ? [...pairs({ section }), ...undone] : [])
})

permissions.post('/:id', async (c) => {
  const { db, viewer, now } = await enter(c, admin)
  const form = await readForm(c, { section: repeated(SECTION), access: repeated(ACCESS) })
  const member = c.req.param('id')
  const cells = zip(form.section, form.access, (section: SectionSlug, access) => ({ member, section, access }))
  const changed = await setSections(db, viewer, actorOf(c, viewer), cells, now)
  if ('reason' in changed) {
    if (changed.reason === 'is_admin') return refuse(c, 409, ALWAYS_EVERYTHING)
    throw new HTTPException(404)
  }
  const undone = changed.former.flatMap(({ section, access }) => pairs({ section, access }))
  return answer(c, { notice: 'section_changed', member }, `${PATH}/${member}`, undone)
})

const pairs = (fields: Record<string, string>) => Object.entries(fields)

/** Two fields that repeat side by side; as many of one as of the other, and no cell twice. @throws HTTPException 400 */
function zip<A extends string, B>(as: A[], bs: B[], make: (a: A, b: B) => Wanted): Wanted[] {
  if (as.length === 0 || as.length !== bs.length || new Set(as).size < as.length) throw new HTTPException(400)
  return as.flatMap((a, i) => bs.slice(i, i + 1).map((b) => make(a, b)))
}

function answer(c: Context<AppEnv>, flash: { notice: Notice; member?: string }, action: string, undone: [string, string][]) {
  setFlash(c, { ...flash, undo: undone.length > 0 ? { action, fields: undone } : undefined })
  return c.redirect(backTo(c, PATH), 303)
}
