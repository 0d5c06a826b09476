import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { cellsInWords, columnInWords, leftInWords } from '../../../views/access/changed-words'
import { PermissionsPage } from '../../../views/access/permissions'
import { turnInWords } from '../../../views/activity/stale-words'
import { ALWAYS_EVERYTHING } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { flashOf, redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo, pageBefore, queryBefore } from '../../http/page-before'
import { showChanged, showMember } from '../../http/people'
import { POSITION, partsOf, searchText } from '../../http/query'
import { keepSectionDefaults, SECTION_ACCESS, setSectionDefault, setSections, type Wanted } from '../../models/access/permission'
import { defaultsPage, permissionsPage, toColumns, toPermissions } from '../../models/access/permission-page'
import { CONFIGURABLE, type SectionSlug } from '../../models/access/section'
import type { MemberAct } from '../../models/core/act'
import { countsOf, storedCounts, totalOf } from '../../models/members/counts'
import { lastTurnOf } from '../../models/members/standing'
import { pathsIn } from '../../paths'

export const permissions = new Hono<AppEnv>()

const SECTION = v.picklist(CONFIGURABLE.map(({ slug }) => slug))
const ACCESS = v.picklist(SECTION_ACCESS)

permissions.get('/', (c) => show(c, c.req.query()))

permissions.post('/defaults', async (c) => {
  const { act, to } = await enter(c, admin)
  const form = await readForm(c, { section: SECTION, access: v.picklist(['on', 'off']) })
  const undo = await setSectionDefault(act, form)
  const who = `${nameOf(form.section)} is ${form.access} by default.`
  return redirectWith(c, backTo(c, to.permissions), { notice: 'section_default_changed', who, undo })
})

/** For whoever starts with nobody else, and likes them. */
permissions.post('/defaults/keep', async (c) => {
  const { act, to } = await enter(c, admin)
  await readForm(c, {})
  await keepSectionDefaults(act)
  return redirectWith(c, to.permissions, { notice: 'section_defaults_kept' })
})

/** Of people on a page: one `access` each, or one for them all. */
permissions.post('/columns', async (c) => {
  const { act, to } = await enter(c, admin)
  const form = await readForm(c, { section: SECTION, member: repeated(v.string()), access: repeated(ACCESS) })
  const changed = await setSections(act, columnOf(form))
  if ('reason' in changed) throw new HTTPException(404)
  if (changed.changed.length === 0) return showStale(c, act, `${leftInWords(changed.left)} Nothing was changed.`)
  const who = columnInWords({ name: nameOf(form.section), access: form.access }, changed)
  return redirectWith(c, backTo(c, to.permissions), { notice: 'column_changed', who, undo: changed.undo })
})

permissions.post('/:id', async (c) => {
  const { act, to } = await enter(c, admin)
  const form = await readForm(c, { section: repeated(SECTION), access: repeated(ACCESS) })
  const member = c.req.param('id')
  const cells = zip(form.section, form.access, (section: SectionSlug, access) => ({ member, section, access }))
  const changed = await setSections(act, cells)
  if ('reason' in changed) throw new HTTPException(404)
  const [left] = changed.left
  if (left?.reason === 'gone') return showGone(c, act, member)
  if (left) return showStale(c, act, `${leftInWords([left])} ${ALWAYS_EVERYTHING.title}.`, member)
  const named = cells.map(({ section, access }) => ({ name: nameOf(section), access }))
  const who = cellsInWords(named, changed.changed[0]?.name ?? '')
  return redirectWith(c, backTo(c, to.permissions, to.member(member)), {
    notice: 'section_changed',
    who,
    member,
    undo: changed.undo,
  })
})

const nameOf = (slug: SectionSlug) => CONFIGURABLE.find((section) => section.slug === slug)?.name ?? slug

type ColumnForm = { section: SectionSlug; member: string[]; access: Wanted['access'][] }

const columnOf = ({ section, member: members, access }: ColumnForm) =>
  zip(members, access.length === 1 ? members.flatMap(() => access) : access, (member, access) => ({ member, section, access }))

/** Two fields that repeat side by side; as many of one as of the other, and no cell twice. @throws HTTPException 400 */
function zip<A extends string, B>(as: A[], bs: B[], make: (a: A, b: B) => Wanted): Wanted[] {
  if (as.length === 0 || as.length !== bs.length || new Set(as).size < as.length) throw new HTTPException(400)
  return as.flatMap((a, i) => bs.slice(i, i + 1).map((b) => make(a, b)))
}

async function show(c: Context<AppEnv>, query: Record<string, string>, stale?: { text: string }) {
  const search = partsOf(query, { q: searchText, ...POSITION })
  const { rows, defaults, stored, to, now } = await enter(c, admin, (at) => ({
    rows: permissionsPage(at, search),
    stored: storedCounts(at),
    defaults: defaultsPage(at),
  }))
  const total = totalOf(countsOf(stored), search)
  const undecided = total === 1 && Object.keys(defaults[0]?.defaults ?? {}).length === 0
  const page = { ...toPermissions(rows, now, search), total, undecided, columns: toColumns(defaults), search, to, now, stale }
  return c.render(<PermissionsPage {...page} changed={flashOf(c)?.member} />, { title: 'Permission Matrix' })
}

/** 409, and the page as it is now. */
function showStale(c: Context<AppEnv>, act: MemberAct, text: string, member?: string) {
  c.status(409)
  if (member && isOnTheirPage(c, act, member)) return showMember(c, member, { stale: { text } })
  return show(c, queryBefore(c, pathsIn(act.tenantId).permissions), { text })
}

const isOnTheirPage = (c: Context<AppEnv>, { tenantId }: MemberAct, member: string) =>
  pageBefore(c) === pathsIn(tenantId).member(member)

/** Of somebody who is known from the log alone. */
async function showGone(c: Context<AppEnv>, act: MemberAct, member: string) {
  const [turn] = await lastTurnOf(act, member)
  if (turn && isOnTheirPage(c, act, member)) return showChanged(c, { reason: 'gone', turn }, { act, id: member })
  return showStale(c, act, `${turnInWords({ member: undefined, turn }, act)} Nothing was changed.`)
}
