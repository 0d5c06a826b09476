import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppEnv, Env } from '../env'
import { LINK_COOKIES } from '../limits'
import { linkOf } from '../models/core/random'
import type { Keyring } from '../models/identity/keyring'
import { jtiOf, type Purpose } from '../models/identity/token'
import { factorLinkPath, invitationPaths, joinPaths, joinProofPaths, resetPath } from '../paths'
import { mailedLinkIn } from './mailed-link'
import { COOKIE } from './session-cookie'

/** An emailed link that we signed: `name` is what its page is called by in the URL, which never carries the token. */
export type Link = { name: string; jti: string; token: string }

const PREFIX = 'link-'

/**
 * Moves an emailed token from the URL into a cookie named for its link, and leads on to the link's own page, so that no later URL, Referer or log
 * line carries it. Changes nothing: mail scanners open links. Undefined for whatever else the URL may be.
 */
export async function followLink(c: Context<AppEnv>) {
  const mailed = mailedLinkIn(c.req.url)
  for (const token of mailed?.tokens ?? []) {
    const link = mailed && (await linkBehind(c, mailed.purpose, token))
    if (link) return openPage(c, mailed.purpose, link)
  }
  return undefined
}

/** To the page of a link as it is now, which opens even where its cookie was lost meanwhile. */
export function openPage(c: Context<AppEnv>, purpose: Purpose, link: Link) {
  keepLink(c, link)
  return c.redirect(PAGES[purpose](link.name), 303)
}

const PAGES: Record<Purpose, (link: string) => string> = {
  invitation: (link) => invitationPaths(link).page,
  password_reset: resetPath,
  join_link: (link) => joinPaths(link).page,
  join: (link) => joinProofPaths(link).page,
  factor_link: factorLinkPath,
}

/** Whether a path below that of emailed links, without a query, names the page of one. */
export const isLinkPage = (c: Context<AppEnv>) => /^[\w-]{16}$/.test(pathName(c)) && !new URL(c.req.url).search

/** For a GET: the link that its path names, if this browser has it open. */
export const linkInCookie = (c: Context<AppEnv>, purpose: Purpose) =>
  namedInPath(c, linkBehind(c, purpose, tokenIn(getCookie(c, PREFIX + pathName(c), 'host'))))

/** For a form: the link whose token it carries, if the path names the same. Cookies have no part in it, since another tab may change them. */
export const linkInForm = (c: Context<AppEnv>, purpose: Purpose, token: string | undefined) =>
  namedInPath(c, linkBehind(c, purpose, token))

/** Every link of this purpose that the browser has open. */
export async function openLinks(c: Context<AppEnv>, purpose: Purpose): Promise<Link[]> {
  const links = await Promise.all(cookies(c).map(({ token }) => linkBehind(c, purpose, token)))
  return links.filter((link) => link !== undefined)
}

/** Lets the page of a link be opened again; of too many, those opened longest ago have to be opened from their email. */
export function keepLink(c: Context<AppEnv>, { name, token }: Pick<Link, 'name' | 'token'>) {
  const others = cookies(c).filter((other) => other.name !== name)
  for (const old of others.toSorted((a, b) => b.at - a.at).slice(LINK_COOKIES.most - 1)) forgetLink(c, old)
  setCookie(c, PREFIX + name, `${Date.now()}.${token}`, { ...COOKIE, maxAge: LINK_COOKIES.lifetimeMs / 1000 })
}

export const forgetLink = (c: Context<AppEnv>, { name }: Pick<Link, 'name'>) => deleteCookie(c, PREFIX + name, COOKIE)

async function linkBehind(c: Context<AppEnv>, purpose: Purpose, token: string | undefined): Promise<Link | undefined> {
  const jti = token && (await jtiOf(KEYS[purpose](c.env), purpose, token))
  return jti ? { name: await linkOf(jti), jti, token } : undefined
}

const KEYS: Record<Purpose, (env: Env) => Keyring> = {
  invitation: (env) => env.INVITATION_KEYS,
  password_reset: (env) => env.RESET_KEYS,
  join_link: (env) => env.JOIN_LINK_KEYS,
  join: (env) => env.JOIN_KEYS,
  factor_link: (env) => env.FACTOR_LINK_KEYS,
}

async function namedInPath(c: Context<AppEnv>, found: Promise<Link | undefined>) {
  const link = await found
  return link?.name === pathName(c) ? link : undefined
}

const pathName = (c: Context<AppEnv>) => c.req.param('link') ?? ''

const FULL_PREFIX = `__Host-${PREFIX}`

const cookies = (c: Context<AppEnv>) =>
  Object.entries(getCookie(c))
    .filter(([name]) => name.startsWith(FULL_PREFIX))
    .map(([name, value]) => ({ name: name.slice(FULL_PREFIX.length), at: Number.parseInt(value, 10) || 0, token: tokenIn(value) }))

/** Before the first dot stands when it was opened (ms). */
const tokenIn = (value: string | undefined) => value?.slice(value.indexOf('.') + 1)
