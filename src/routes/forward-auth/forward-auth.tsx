import { type Context, Hono } from 'hono'
import { PlainPage } from '../../../views/forward-auth/plain-page'
import { FORWARD_WORDS, type ForwardRefusal } from '../../../views/forward-auth/words'
import type { AppEnv } from '../../env'
import { basicOf } from '../../http/asking-app'
import { bareHeaders } from '../../http/bare-headers'
import { afterwards, unchecked } from '../../http/door'
import { forwardedRequest, isPage, type Original, originalRequest } from '../../http/forwarded'
import { note } from '../../http/log'
import { originOf } from '../../http/origin'
import { tooMany } from '../../http/throttle'
import { clearTicket, cookiesOfTool, nonceIn, setNonce, setTicket, ticketIn } from '../../http/ticket-cookies'
import { countFailure } from '../../models/apps/failures'
import {
  type Admitted,
  admittedBy,
  type Forwarded,
  isForwardedTouchDue,
  readForwarded,
  touchForwarded,
} from '../../models/apps/forward-auth'
import { endTicket, TICKET_TTL, ticketFor } from '../../models/apps/forward-sign-in'
import { identityHeaders } from '../../models/apps/identity-headers'
import { randomSecret, sha256 } from '../../models/core/random'
import { OAUTH_PATHS, withQuery } from '../../paths'

/** What proxies ask before they let a request through to their tool. Each proves itself by the secret of its app, so its origin does not count. */
export const forwardAuth = new Hono<AppEnv>()

/** Paths on the host of the tool that are ours. */
const OURS = '/.latchkey/'
const CALLBACK = `${OURS}callback`
const SIGN_OUT = `${OURS}sign-out`

/** `person`: whom to let through to the tool. */
type Asked = { original: Original; forwarded: Forwarded; person: Admitted | undefined }

forwardAuth.use('/forward-auth/*', bareHeaders)
forwardAuth.onError((_, c) => refuse(c, 'trouble'))

/** For Caddy and Traefik, which hand whatever is not a yes on to the browser, and can take the cookies that the tool may have from the answer. */
forwardAuth.get('/forward-auth', (c) =>
  answer(c, forwardedRequest(c), (asked) =>
    asked.person ? admit(c, asked, { ...identityHeaders(asked.person), Cookie: cookiesOfTool(c) }) : lead(c, asked),
  ),
)

/** For nginx, which takes nothing but a status from its subrequest, and gets the rest by the next. */
forwardAuth.get('/forward-auth/check', (c) =>
  answer(c, originalRequest(c), (asked) => (asked.person ? admit(c, asked, identityHeaders(asked.person)) : c.body(null, 401))),
)
forwardAuth.get('/forward-auth/start', (c) => answer(c, forwardedRequest(c), (asked) => lead(c, asked)))

/** Proves the proxy, and reads who asks by it. */
async function answer(c: Context<AppEnv>, original: Original | undefined, how: (asked: Asked) => Response | Promise<Response>) {
  if (!original) return refuse(c, 'no_request')
  const [{ db, now }, { ip }] = [unchecked(c), originOf(c)]
  const proof = basicOf(c) ?? { clientId: '', secret: '' }
  const forwarded = await readForwarded(db, { ...proof, ip, host: original.host, value: heldBy(c, original) }, now)
  if (!('reason' in forwarded))
    return how({ original, forwarded, person: isOurs(original) ? undefined : admittedBy(forwarded, now) })
  note(c, { reason: forwarded.reason })
  if (forwarded.reason === 'unproven') await countFailure(db, { ...proof, ip }, now)
  if (forwarded.reason === 'blocked') tooMany(c, forwarded.until, now)
  return refuse(c, forwarded.reason)
}

/** The ticket, or the code that is given for one. */
const heldBy = (c: Context, { path }: Original) => (path.startsWith(`${CALLBACK}?`) ? codeIn(path) : ticketIn(c))
const isOurs = ({ path }: Original) => path.startsWith(OURS)
const codeIn = (path: string) => new URLSearchParams(path.slice(CALLBACK.length)).get('code') ?? undefined

function admit(c: Context<AppEnv>, { forwarded }: Asked, headers: Record<string, string>) {
  const { db, now } = unchecked(c)
  if (isForwardedTouchDue(forwarded, now)) afterwards(c, 'note visit', touchForwarded(db, forwarded, now))
  return c.body(null, 200, headers)
}

/** Where the browser goes from here, which is never through to the tool. */
async function lead(c: Context<AppEnv>, asked: Asked) {
  const { original, person } = asked
  if (original.path.startsWith(CALLBACK)) return giveTicket(c, asked)
  if (original.path === SIGN_OUT && isPage(c, original)) return leave(c, asked)
  if (isOurs(original)) return refuse(c, 'not_found', original)
  if (person) return c.redirect(at(original, original.path), 303)
  return isPage(c, original) ? setOut(c, asked) : refuse(c, 'signed_out', original)
}

/** The same nonce in every tab, so that none takes another's place. */
async function setOut(c: Context<AppEnv>, { original: { host, path }, forwarded: { app } }: Asked) {
  const nonce = nonceIn(c) ?? randomSecret()
  setNonce(c, nonce)
  const query = { client_id: app.id, forward_host: host, to: path, nonce: await sha256(nonce) }
  return c.redirect(c.env.APP_ORIGIN + withQuery(OAUTH_PATHS.forward, query), 303)
}

async function giveTicket(c: Context<AppEnv>, { original, forwarded }: Asked) {
  const [{ db, now }, nonce] = [unchecked(c), nonceIn(c)]
  if (!nonce) return refuse(c, 'no_cookie', original)
  const given = await ticketFor(db, forwarded, nonce, now)
  if (!given) return refuse(c, 'no_ticket', original)
  setTicket(c, given.ticket, TICKET_TTL)
  return c.redirect(at(original, given.to), 303)
}

/** Latchkey asks whether they want to be signed out of more than the tool. */
async function leave(c: Context<AppEnv>, { forwarded }: Asked) {
  await endTicket(unchecked(c).db, forwarded)
  clearTicket(c)
  return c.redirect(c.env.APP_ORIGIN + withQuery(OAUTH_PATHS.logout, { client_id: forwarded.app.id }), 303)
}

const at = ({ host }: Original, path: string) => `https://${host}${path}`

function refuse(c: Context<AppEnv>, reason: ForwardRefusal, original?: Original) {
  const words = FORWARD_WORDS[reason]
  return c.html(<PlainPage {...words} href={original && at(original, '/')} />, words.status)
}
