import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import {
  BUSY_WORDS,
  DATABASE_WORDS,
  ErrorPage,
  endedWords,
  noAccessWords,
  otherPersonWords,
  UNREADABLE_TOTP_SECRET_WORDS,
  type Way,
  wordsFor,
} from '../../views/errors'
import type { Words } from '../../views/refusals'
import { troubleWithDatabase, UnsureError } from '../db/trouble'
import type { AppEnv } from '../env'
import { UnreadableTotpSecret } from '../models/identity/codes'
import { HashQueueFull } from '../models/identity/hash-queue'
import { adminNames } from '../models/members/member'
import { FactorNeeded, MembershipEnded, NoAccess, ProofNeeded, SignedOut } from './door'
import { askForFactor } from './factor-needed'
import { IN_NOTICE, keepsPage } from './htmx'
import { followLink } from './link'
import { mailedLinkIn } from './mailed-link'
import { ownPath, pathOf } from './next'
import { noLink } from './no-link'
import { pageBefore } from './page-before'
import { askForProof } from './proof-needed'
import { leadToSignIn } from './signed-out'
import { OtherPerson } from './whose'

/** The one place for surprises. */
export const showError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof SignedOut) return leadToSignIn(c, error.stranger)
  if (error instanceof NoAccess) return sayWhomToAsk(c, error)
  if (error instanceof FactorNeeded) return askForFactor(c, error)
  if (error instanceof ProofNeeded) return askForProof(c, error)
  if (error instanceof MembershipEnded) return renderRefusal(c, 403, endedWords(error.tenantName))
  if (error instanceof OtherPerson) return renderRefusal(c, 409, otherPersonWords(error.person))
  if (error instanceof HashQueueFull) return tellBusy(c, error)
  if (error instanceof UnreadableTotpSecret) return renderRefusal(c, 503, UNREADABLE_TOTP_SECRET_WORDS)
  const trouble = troubleWithDatabase(error)
  if (trouble) return renderRefusal(c, 503, DATABASE_WORDS[knownOf(trouble, c.req.method)])
  const status = error instanceof HTTPException ? error.status : 500
  if (status === 429) c.header('Retry-After', '60')
  return renderRefusal(c, status, wordsFor(status))
}

/** A URL below the path of emailed links may be a damaged link. Of any other, a trailing slash is dropped and the page asked for anew. */
export const notFound: NotFoundHandler<AppEnv> = async (c) => {
  if (mailedLinkIn(c.req.url)) return (await followLink(c)) ?? noLink(c)
  const page = c.req.method === 'GET' ? ownPath(c.env.APP_ORIGIN, withoutSlash(c.req.url)) : undefined
  return page ? c.redirect(page, 303) : renderRefusal(c, 404, wordsFor(404))
}

function withoutSlash(url: string) {
  const { pathname, search } = new URL(url)
  return /[^/]\/$/.test(pathname) ? pathname.slice(0, -1) + search : undefined
}

/** Says why something was not done: as a page, or in the notice beside the page that asked. */
export function renderRefusal(c: Context<AppEnv>, status: ContentfulStatusCode, words: Words) {
  const fragment = keepsPage(c)
  const content = <ErrorPage {...{ status, words, fragment, requestId: c.get('requestId'), way: wayFrom(c, status) }} />
  c.status(status)
  return fragment ? c.html(content, status, IN_NOTICE) : c.render(content, { title: words.title })
}

async function sayWhomToAsk(c: Context<AppEnv>, { at }: NoAccess) {
  const admins = await adminNames(at).catch(() => [])
  return renderRefusal(c, 403, noAccessWords(admins.map(({ name }) => name)))
}

function tellBusy(c: Context<AppEnv>, { retryAfterS }: HashQueueFull) {
  c.header('Retry-After', String(retryAfterS))
  return renderRefusal(c, 503, BUSY_WORDS)
}

/** What was only read can be asked for again; what was sent is not sent again by a link. */
function wayFrom(c: Context<AppEnv>, status: number): Way | undefined {
  if (c.req.method === 'GET') return status >= 429 ? { href: pathOf(c.req.url), text: 'Try again' } : undefined
  const page = pageBefore(c)
  return page ? { href: page, text: 'Go back' } : undefined
}

/** A page claims no more than is known of what was written; what a GET could not show may be what a form before it has changed. */
function knownOf(trouble: NonNullable<ReturnType<typeof troubleWithDatabase>>, method: string) {
  if (trouble instanceof UnsureError) return 'unsure'
  return trouble.nothingWritten && method === 'POST' ? 'nothing_changed' : 'unavailable'
}
