import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { type InviteDraft, InvitePage, type InviteProblem } from '../../views/invite'
import type { AppEnv } from '../env'
import { admin, enter } from '../http/door'
import { setFlash } from '../http/flash'
import { readForm } from '../http/forms'
import { actorOf } from '../http/origin'
import { post } from '../mail/queue'
import { addressOf } from '../models/address'
import { invite, NOTE_CHARACTERS } from '../models/invitation'

export const invitations = new Hono<AppEnv>()

const FORM = { email: v.string(), role: v.picklist(['admin', 'user']), note: v.optional(v.string(), '') }

invitations.get('/new', async (c) => {
  await enter(c, admin)
  return show(c, { email: c.req.query('email') ?? '', role: 'user', note: '' })
})

invitations.post('/', async (c) => {
  const { db, viewer, now } = await enter(c, admin)
  const form = await readForm(c, FORM)
  const address = addressOf(form.email)
  const note = form.note.replaceAll('\r\n', '\n').trim()
  if (!address) return refuse(c, form, 'not_an_address')
  if ([...note].length > NOTE_CHARACTERS) return refuse(c, form, 'note_too_long')

  const result = await invite(db, viewer, actorOf(c, viewer), { address, role: form.role, note: note || null }, c.env.CAPS, now)
  if ('reason' in result) return refuse(c, form, result.reason)
  post(c.env, c.executionCtx, [result.mailId])
  setFlash(c, { notice: 'invited', member: result.memberId })
  return c.redirect('/access/users', 303)
})

function refuse(c: Context<AppEnv>, draft: InviteDraft, problem: InviteProblem) {
  c.status(problem.startsWith('too_many') ? 429 : 422)
  return show(c, draft, problem)
}

const show = (c: Context<AppEnv>, draft: InviteDraft, problem?: InviteProblem) =>
  c.render(<InvitePage draft={draft} problem={problem} />, { title: 'Invite User' })
