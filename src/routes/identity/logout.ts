import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { ownPath } from '../../http/next'
import { clearSessionCookie, sessionCookie } from '../../http/session-cookie'
import { signOut } from '../../models/identity/session'

export const logout = new Hono<AppEnv>()

logout.post('/', async (c) => {
  const { next } = await readForm(c, { next: v.optional(v.string()) })
  const secretHash = await sessionCookie(c)
  if (secretHash) await signOut(unchecked(c), secretHash)
  clearSessionCookie(c)
  return redirectWith(c, ownPath(c.env.APP_ORIGIN, next) ?? '/login', { notice: 'signed_out' })
})
