import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { doneInWords } from '../../../views/changes/change-words'
import { type ChangeDraft, type ChangeProblem, QuestionPage } from '../../../views/changes/question'
import { peopleInWords } from '../../../views/words'
import type { AppEnv } from '../../env'
import { admin, enter, fresh, type Policy } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { note } from '../../http/log'
import { filterOf } from '../../http/people'
import { start } from '../../jobs/queue'
import { post } from '../../mail/queue'
import { type Begun, beginChange } from '../../models/changes/begin'
import { CHANGES, type ChangeName, isTakenBack } from '../../models/changes/change'
import type { Chosen, Named } from '../../models/changes/chosen'
import { questionOf, toQuestion } from '../../models/changes/question'
import type { MemberAct } from '../../models/core/act'
import { endOfDay } from '../../models/members/end-date'
import { MEMBER_STATUSES } from '../../models/members/standing'
import type { WorkspacePaths } from '../../paths'

/** What is done to the people who are selected in the user table, or to everybody who matches: a question, and its answer. */
export const changes = new Hono<AppEnv>()

/** What makes people admins, or may let admins in again, and what cannot be made good again. Asked for with the question, so that its answer need not wait. */
const POLICIES: Partial<Record<ChangeName, Policy>> = { make_admin: fresh(admin), enable: fresh(admin), delete: fresh(admin) }

/** What each is to whoever looks for attacks, as it is where one person is changed; a resent invitation is what any admin does. */
const EVENTS: Partial<Record<ChangeName, string>> = {
  cancel: 'user_deleted',
  make_admin: 'authz_change',
  make_user: 'authz_change',
  preset: 'authz_change',
  end_date: 'user_updated',
  disable: 'user_archived',
  enable: 'user_updated',
  delete: 'user_deleted',
}

const NAME = v.picklist(CHANGES)

changes.get('/:change', async (c) => {
  const [change, list] = [changeIn(c), c.req.query('list') ?? '']
  const named = (c.req.queries('member') ?? []).map((id) => ({ id }))
  if (c.req.query('all')) return ask(c, { change, list, chosen: everybodyIn(list, 0) })
  if (named.length > 0) return ask(c, { change, list, chosen: { named } })
  const { to } = await enter(c, admin)
  return redirectWith(c, listPath(to, list), { notice: 'nobody_selected' })
})

const NUMBER = v.pipe(v.string(), v.regex(/^\d{1,7}$/), v.transform(Number))
const FORM = {
  id: v.pipe(v.string(), v.uuid()),
  list: v.string(),
  all: v.optional(NUMBER),
  member: repeated(v.string()),
  state: repeated(v.picklist(MEMBER_STATUSES)),
}

type Answer = v.InferOutput<v.StrictObjectSchema<typeof FORM, undefined>> & ChangeDraft

/** The fields of each, exactly. @throws HTTPException 400 */
function readAnswer(c: Context<AppEnv>, change: ChangeName): Promise<Answer> {
  const TEXT = v.string()
  if (change === 'delete') return readForm(c, { ...FORM, people: TEXT, typed: TEXT })
  if (change === 'preset') return readForm(c, { ...FORM, preset: TEXT })
  return change === 'end_date' ? readForm(c, { ...FORM, until: TEXT }) : readForm(c, FORM)
}

changes.post('/:change', async (c) => {
  const change = changeIn(c)
  const { act, to } = await enter(c, POLICIES[change] ?? admin)
  const form = await readAnswer(c, change)
  const chosen = form.all === undefined ? { named: namedIn(form) } : everybodyIn(form.list, form.all)
  const asked = { change, list: form.list, chosen, draft: form }
  const endsAt = change === 'end_date' ? endIn(form) : undefined
  if (endsAt === 'no_day') return askAgain(c, asked, { field: 'until', text: 'This is no day.' })
  if (change === 'preset' && !form.preset) return askAgain(c, asked, { field: 'preset', text: 'Choose a preset.' })
  if (change === 'delete' && !isTypedRight(form)) return askAgain(c, asked, { field: 'typed', text: 'Type the number to confirm.' })
  const begun = await beginChange(
    act,
    { id: form.id, spec: { change, endsAt, preset: form.preset, list: form.list }, chosen },
    c.env.CAPS,
  )
  if (!begun.job) return 'named' in chosen ? notFound() : askAgain(c, asked)
  if (EVENTS[change]) note(c, { event: EVENTS[change] })
  return done(c, { act, to, change, list: form.list }, { ...begun, job: begun.job })
})

function changeIn(c: Context<AppEnv>): ChangeName {
  const change = v.safeParse(NAME, c.req.param('change'))
  return change.success ? change.output : notFound()
}

function notFound(): never {
  throw new HTTPException(404)
}

function everybodyIn(list: string, shown: number): Chosen {
  const { q, status, role } = filterOf(Object.fromEntries(new URLSearchParams(list)))
  return { filter: { q, status, role }, shown }
}

/** As many of the one as of the other, or none (a script), and nobody twice. @throws HTTPException 400 */
function namedIn({ member, state }: { member: string[]; state: Named['state'][] }): Named[] {
  const isWhole = state.length === 0 || state.length === member.length
  if (member.length === 0 || !isWhole || new Set(member).size < member.length) throw new HTTPException(400)
  return member.map((id, i) => ({ id, state: state[i] }))
}

/** With the end of the day, or none. */
const endIn = ({ until = '' }: ChangeDraft) => (until === '' ? null : (endOfDay(until) ?? 'no_day'))

const isTypedRight = ({ typed = '', people }: ChangeDraft) => typed.replaceAll(/[^\d]/g, '') === people

type Asked = { change: ChangeName; list: string; chosen: Chosen; draft?: ChangeDraft }
type Told = { problem?: ChangeProblem | undefined; text?: string }

/** The question, as it is now. @throws HTTPException 404 for somebody unknown */
async function ask(c: Context<AppEnv>, { change, list, chosen, draft = {} }: Asked, { problem, text }: Told = {}) {
  const {
    act,
    to,
    viewer: _,
    now: __,
    ...found
  } = await enter(c, POLICIES[change] ?? admin, (at) => questionOf(at, chosen, { change }, c.env.CAPS))
  const question = toQuestion(found, act, { change }, c.env.CAPS) ?? notFound()
  const page = { to, change, list, question, draft, problem, back: listPath(to, list) }
  return c.render(
    <QuestionPage {...page} all={'filter' in chosen} id={crypto.randomUUID()} stale={text ? { text } : undefined} />,
    { title: 'Change people' },
  )
}

/** Something is to be corrected, or another number matches by now. */
async function askAgain(c: Context<AppEnv>, asked: Asked, problem?: ChangeProblem) {
  c.status(problem ? 422 : 409)
  if (problem || 'named' in asked.chosen) return ask(c, asked, { problem })
  return ask(c, asked, {
    text: `${peopleInWords(asked.chosen.shown)} matched when this was asked. Nothing was changed. This is how many it would be now.`,
  })
}

type Done = { act: MemberAct; to: WorkspacePaths; change: ChangeName; list: string }

/** Back to the list where everybody was changed; else to the report. */
function done(c: Context<AppEnv>, { act, to, change, list }: Done, { job, mailIds }: Begun & { job: NonNullable<Begun['job']> }) {
  if (mailIds.length) post(c.env, c.executionCtx, mailIds)
  if (job.state === 'queued') start(c.env, c.executionCtx, job.id)
  if (job.state !== 'done' || job.leftOut > 0 || job.adminId !== act.memberId) return c.redirect(to.job(job.id), 303)
  const who = doneInWords(change, job.total)
  return redirectWith(c, listPath(to, list), { notice: 'many_changed', who, undo: isTakenBack(change) ? job.id : undefined })
}

const listPath = (to: WorkspacePaths, list: string) => (list ? `${to.users}?${new URLSearchParams(list)}` : to.users)
