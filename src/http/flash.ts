import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { Notice } from '../../views/notices'
import type { AppEnv } from '../env'
import { COOKIE } from './session-cookie'

const NAME = 'flash'
const LIFETIME_S = 60

/** What the page after a redirect says, once: a notice by name, the member it is about, the address to fill in. */
const FLASH = v.object({ notice: v.string(), member: v.optional(v.string()), email: v.optional(v.string()) })
export type Flash = v.InferOutput<typeof FLASH>

export const setFlash = (c: Context<AppEnv>, flash: Flash & { notice: Notice }) =>
  setCookie(c, NAME, JSON.stringify(flash), { ...COOKIE, maxAge: LIFETIME_S })

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
