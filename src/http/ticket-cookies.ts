import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { HOUR_MS } from '../limits'
import { COOKIE } from './session-cookie'

/** On the host of a tool, not on ours. */
const TICKET = 'latchkey'
const NONCE = 'latchkey-nonce'
/** Somebody may have to reset their password on the way. */
const NONCE_S = HOUR_MS / 1000

export const ticketIn = (c: Context) => getCookie(c, TICKET, 'host')
export const nonceIn = (c: Context) => getCookie(c, NONCE, 'host')

export const setTicket = (c: Context, ticket: string, maxAge: number) => setCookie(c, TICKET, ticket, { ...COOKIE, maxAge })
/** The tool forgets who this is; whoever opens it again is asked for anew. */
export const clearTicket = (c: Context) => deleteCookie(c, TICKET, COOKIE)

export const setNonce = (c: Context, nonce: string) => setCookie(c, NONCE, nonce, { ...COOKIE, maxAge: NONCE_S })

/** What the tool may have of the cookies. */
export const cookiesOfTool = (c: Context) =>
  (c.req.header('Cookie') ?? '')
    .split(/; */)
    .filter((pair) => !/^__Host-latchkey(-nonce)?=/.test(pair))
    .join('; ')
