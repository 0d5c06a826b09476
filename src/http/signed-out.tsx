import type { Context } from 'hono'
import { Toast } from '../../views/components/toast'
import { LoginPage, type SignInNeeded } from '../../views/identity/login'
import { reasonOf, reasonWords, type SignInReason } from '../../views/identity/sign-in-reasons'
import type { AppEnv } from '../env'
import type { Stranger } from '../models/members/viewer'
import { probeCookies } from './cookie-probe'
import { type Draft, formOf, keepable, sealDraft } from './draft'
import { IN_NOTICE, isHtmx, keepsPage } from './htmx'
import { pathOf, signInPath } from './next'
import { pageBefore } from './page-before'
import { isFromPageOf } from './whose'

/** Leads somebody who is not signed in, or not newly enough, to sign-in, and says why. What they typed comes along. */
export function leadToSignIn(c: Context<AppEnv>, stranger: Stranger) {
  const reason = reasonOf(stranger.reason)
  if (keepsPage(c)) return tellOnPage(c, reason)
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return askForForm(c, stranger)
  const path = signInPath(pathOf(c.req.url), reason)
  return isHtmx(c) ? c.body(null, 401, { 'HX-Redirect': path }) : c.redirect(path, 303)
}

/** The page stays as it is, with what was typed into it; signing in beside it is enough to go on. */
function tellOnPage(c: Context<AppEnv>, reason: SignInReason | undefined) {
  const words = (
    <Toast bad>
      {`${reasonWords(reason)} Nothing was sent. `}
      <a href={signInPath(pageBefore(c), reason)} target="_blank" rel="noopener">
        Open sign-in in a new tab
      </a>
      , then try again here.
    </Toast>
  )
  return c.html(words, 401, IN_NOTICE)
}

/** The sign-in page in the place of the answer, since only this request has what was typed. */
async function askForForm(c: Context<AppEnv>, stranger: Stranger) {
  const page = pageBefore(c)
  const form = await formOf(c)
  const typed = keepable(form)
  const draft =
    waiting(c, form) ?? (typed && (await sealedFor(c, stranger, { action: pathOf(c.req.url), page: page ?? '/', fields: typed })))
  const needed: SignInNeeded = { reason: reasonOf(stranger.reason), form: draft ? 'kept' : typed ? 'lost' : 'empty' }
  probeCookies(c)
  c.status(401)
  return c.render(<LoginPage email="" next={page} needed={needed} draft={draft} />, { title: 'Sign in' })
}

/** A form that waited for its person to prove who they are waits on. It is sealed for them. */
const waiting = (c: Context<AppEnv>, form: FormData) => (c.req.path === '/confirm' ? textOf(form.get('draft')) : undefined)

const textOf = (value: File | string | null) => (typeof value === 'string' && value ? value : undefined)

/** Only where a session names the person: what somebody typed is shown to nobody else. */
async function sealedFor(c: Context<AppEnv>, { userId }: Stranger, draft: Draft) {
  return userId && (await isFromPageOf(c, userId)) ? sealDraft(c.env, userId, draft, Date.now()) : undefined
}
