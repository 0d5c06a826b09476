import type { Context } from 'hono'
import type { AppEnv } from '../env'
import type { Arrival, SignedIn } from '../models/identity/sign-in-finish'
import { browserHash, setBrowserCookie } from './browser-cookie'
import { openDraft } from './draft'
import { redirectWith } from './flash'
import { landingOf } from './frame'
import { note } from './log'
import { originOf } from './origin'
import { resume } from './resume'
import { sessionCookie, setSessionCookie } from './session-cookie'

/** What a form of signing in carries along: a path of ours, and what was typed into a form before it. */
export type WayOn = { next: string | undefined; draft: string | undefined }

/** Where a sign-in comes from, and what its browser had before. */
export const arrivalOf = async (c: Context<AppEnv>): Promise<Arrival> => ({
  from: originOf(c),
  former: await sessionCookie(c),
  browser: await browserHash(c),
})

/** The one answer to a finished sign-in: its cookies and the way on. Its emails the route posts. */
export async function signedInTo(c: Context<AppEnv>, signedIn: SignedIn, { next, draft: sealed }: WayOn) {
  const { userId, codesLeft } = signedIn
  await enterWith(c, signedIn)
  const draft = sealed && (await openDraft(c.env, { userId, sealed }, Date.now()))
  if (draft) return resume(c, draft, 'signed_out')
  if (codesLeft !== undefined && !next) return redirectWith(c, '/account', { notice: 'recovery_code_used', who: `${codesLeft}` })
  return c.redirect(next ?? landingAfter(signedIn), 303)
}

/** The session has begun: from this answer on its browser is in it. */
export async function enterWith(c: Context<AppEnv>, { userId, session, browser, factor }: Begun) {
  await setSessionCookie(c, session.secret)
  await setBrowserCookie(c, browser.secret)
  c.set('signedIn', userId)
  note(c, { event: 'authn_login_success', user: userId, factor })
}

type Begun = Pick<SignedIn, 'userId' | 'session' | 'browser' | 'factor'>

/** Where somebody starts who asked for no page: in the workspace they used last, or where they see why none is open. */
const landingAfter = ({ viewer }: SignedIn) => (viewer ? landingOf(viewer) : '/workspaces')
