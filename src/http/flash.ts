import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { Notice } from '../../views/notices'
import type { AppEnv } from '../env'
import { COOKIE } from './session-cookie'

const NAME = 'flash'
const LIFETIME_S = 60
/** Browsers keep 4096 bytes of a cookie; what undoes a very large change is left out rather than lost. */
const COOKIE_CHARACTERS = 3800

/** A form that takes a change back: posted to one of our own admin routes. */
const UNDO = v.object({ action: v.pipe(v.string(), v.startsWith('/access/')), fields: v.array(v.tuple([v.string(), v.string()])) })

/** What the page after a redirect says, once: a notice by name, the member it is about, the address to fill in, how to undo it. */
const FLASH = v.object({
  notice: v.string(),
  member: v.optional(v.string()),
  email: v.optional(v.string()),
  undo: v.optional(UNDO),
})
export type Flash = v.InferOutput<typeof FLASH>
export type Undo = v.InferOutput<typeof UNDO>

export function setFlash(c: Context<AppEnv>, { undo, ...flash }: Flash & { notice: Notice }) {
  const whole = JSON.stringify({ ...flash, undo })
  const fits = encodeURIComponent(whole).length < COOKIE_CHARACTERS
  setCookie(c, NAME, fits ? whole : JSON.stringify(flash), { ...COOKIE, maxAge: LIFETIME_S })
}

export function flashOf(c: Context<AppEnv>): Flash | undefined {
  const cookie = getCookie(c, NAME, 'host')
  const flash = v.safeParse(v.pipe(v.string(), v.parseJson(), FLASH), cookie)
  return flash.success ? flash.output : undefined
}

/** Shown once: the page that says it forgets it. */
export function takeFlash(c: Context<AppEnv>): Flash | undefined {
  const flash = flashOf(c)
  if (flash) deleteCookie(c, NAME, COOKIE)
  return flash
}
