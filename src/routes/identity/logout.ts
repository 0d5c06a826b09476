import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { ownPath } from '../../http/next'
import { originOf } from '../../http/origin'
import { clearSessionCookie, sessionCookie } from '../../http/session-cookie'
import { endSession } from '../../models/identity/session'

export const logout = new Hono<AppEnv>()

logout.post('/', async (c) => {
  const { next } = await readForm(c, { next: v.optional(v.string()) })
  const claim = await sessionCookie(c)
  const { db, now } = unchecked(c)
  if (claim) await endSession(db, claim.secretHash, originOf(c).ip, now)
  clearSessionCookie(c)
  setFlash(c, { notice: 'signed_out' })
  return c.redirect(ownPath(c.env.APP_ORIGIN, next) ?? '/login', 303)
})
