import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { Notice } from '../../views/notices'
import type { AppEnv } from '../env'
import { COOKIE } from './session-cookie'

const NAME = 'flash'
const LIFETIME_S = 60

/** What the page after a redirect says, once: a notice by name, the member it is about, the address to fill in, the change that can be undone. */
const FLASH = v.object({
  path: v.string(),
  notice: v.string(),
  who: v.optional(v.string()),
  member: v.optional(v.string()),
  email: v.optional(v.string()),
  undo: v.optional(v.pipe(v.string(), v.regex(/^[\w-]+$/))),
})
type Kept = v.InferOutput<typeof FLASH>
export type Flash = Omit<Kept, 'path'>

/** Leads on after a change, with what to say there. Another page that loads first says nothing: the notice is bound to its path and query. */
export function redirectWith(c: Context<AppEnv>, path: string, flash: Flash & { notice: Notice }) {
  const kept: Kept = { path, ...flash }
  setCookie(c, NAME, JSON.stringify(kept), { ...COOKIE, maxAge: LIFETIME_S })
  return c.redirect(path, 303)
}

/** What this page has to say. */
export function flashOf(c: Context<AppEnv>): Flash | undefined {
  const flash = v.safeParse(v.pipe(v.string(), v.parseJson(), FLASH), getCookie(c, NAME, 'host'))
  const { pathname, search } = new URL(c.req.url)
  return flash.success && flash.output.path === pathname + search ? flash.output : undefined
}

/** Shown once: the page that says it forgets it, and what a page says in a place of its own stands nowhere else. */
export function takeFlash(c: Context<AppEnv>): Flash | undefined {
  const flash = c.get('flashTaken') ? undefined : flashOf(c)
  if (flash) deleteCookie(c, NAME, COOKIE)
  if (flash) c.set('flashTaken', true)
  return flash
}
