import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AccountPage, type AccountProblem, type AccountProps } from '../../../views/identity/account'
import { LAST_ADMIN } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter, member } from '../../http/door'
import { refuse } from '../../http/errors'
import { setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { actorOf } from '../../http/origin'
import { clearSessionCookie, setSessionCookie } from '../../http/session-cookie'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { nameOf } from '../../models/core/name'
import { accountPage, changePassword, guessAt, passwordHashOf, rename } from '../../models/identity/account'
import { hashPassword, verifyPassword } from '../../models/identity/password'
import { passwordProblem } from '../../models/identity/password-rules'
import { endSessionOf, newSession } from '../../models/identity/session'
import { chooseNotices, type NoticeChoice } from '../../models/invitations/notice'
import { remove, signOutEverywhere } from '../../models/members/membership'

export const account = new Hono<AppEnv>()

account.get('/', async (c) => {
  return show(c, await enter(c, member, accountPage))
})

account.post('/name', async (c) => {
  const { db, viewer } = await enter(c, member)
  const { name } = await readForm(c, { name: v.string() })
  await rename(db, viewer, nameOf(name) ?? null)
  setFlash(c, { notice: 'name_saved' })
  return c.redirect('/account', 303)
})

account.post('/password', async (c) => {
  const entered = await enter(c, member, (db, at, now) => ({
    ...accountPage(db, at, now),
    hash: passwordHashOf(db, at.secretHash),
    ...guessAt(db, at.secretHash, now),
  }))
  const { db, viewer, now, hash, allowed, blocked } = entered
  const { current, password } = await readForm(c, { current: v.string(), password: v.string() })
  if (allowed.length === 0) {
    tooMany(c, blocked[0]?.until ?? now, now)
    return show(c, entered, { field: 'current', problem: 'too_many_tries', retryAt: blocked[0]?.until ?? now })
  }
  const problem = await passwordProblem(password, [viewer.tenantName, viewer.email, viewer.name ?? ''], c.env.PASSWORD_RANGE_URL)
  if (problem) return show(c, entered, { field: 'password', problem })

  if (!(await verifyPassword(hash[0]?.passwordHash, current)).ok) return show(c, entered, { field: 'current', problem: 'wrong' })

  const session = await newSession()
  const mailId = crypto.randomUUID()
  const changed = await changePassword(
    db,
    viewer,
    actorOf(c, viewer),
    { password: await hashPassword(password), secret: session.secretHash },
    mailId,
    now,
  )
  if (!changed) throw new HTTPException(401)
  await setSessionCookie(c, session.secret, viewer.tenantId)
  post(c.env, c.executionCtx, [mailId])
  setFlash(c, { notice: 'password_changed' })
  return c.redirect('/account', 303)
})

account.post('/notices', async (c) => {
  const { db, viewer, now } = await enter(c, admin)
  const { notices } = await readForm(c, { notices: v.picklist(['each', 'daily', 'off']) })
  await chooseNotices(db, viewer, notices, now)
  setFlash(c, { notice: 'notices_saved' })
  return c.redirect('/account', 303)
})

account.post('/sign-out', async (c) => {
  const { db, viewer, now } = await enter(c, member)
  await readForm(c, {})
  await signOutEverywhere(db, viewer, actorOf(c, viewer), viewer.memberId, now)
  return gone(c, 'signed_out')
})

account.post('/leave', async (c) => {
  const { db, viewer, now } = await enter(c, member)
  await readForm(c, {})
  if (!(await remove(db, viewer, actorOf(c, viewer), viewer.memberId, now))) return refuse(c, 409, LAST_ADMIN.leave)
  return gone(c, 'left')
})

account.post('/sessions/:id/end', async (c) => {
  const { db, viewer } = await enter(c, member)
  await readForm(c, {})
  if (!(await endSessionOf(db, viewer.userId, c.req.param('id')))) throw new HTTPException(404)
  setFlash(c, { notice: 'session_ended' })
  return c.redirect('/account', 303)
})

type Entered = Omit<AccountProps, 'notices' | 'problem'> & { choice: { notices: NoticeChoice }[] }

function show(c: Context<AppEnv>, { viewer, sessions, choice, now }: Entered, problem?: AccountProblem) {
  if (problem && problem.problem !== 'too_many_tries') c.status(422)
  return c.render(<AccountPage {...{ viewer, sessions, now, problem }} notices={choice[0]?.notices ?? 'each'} />, {
    title: 'Account',
  })
}

function gone(c: Context<AppEnv>, notice: 'signed_out' | 'left') {
  clearSessionCookie(c)
  setFlash(c, { notice })
  return c.redirect('/login', 303)
}
