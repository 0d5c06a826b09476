import type { Context } from 'hono'
import { Toast } from '../../views/components/toast'
import { ConfirmPage } from '../../views/identity/confirm'
import type { AppEnv } from '../env'
import type { ProofNeeded } from './door'
import { sealDraft, typedInto } from './draft'
import { IN_NOTICE, isHtmx, keepsPage } from './htmx'
import { confirmPath, pathOf } from './next'
import { pageBefore } from './page-before'

/** Leads somebody to where they prove anew who they are, and from there on to what they asked for. What they typed comes along. */
export function askForProof(c: Context<AppEnv>, { person }: ProofNeeded) {
  if (keepsPage(c)) return tellOnPage(c)
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return askForForm(c, person)
  const path = confirmPath(pathOf(c.req.url))
  return isHtmx(c) ? c.body(null, 401, { 'HX-Redirect': path }) : c.redirect(path, 303)
}

/** The page stays as it is; confirming beside it is enough to go on. */
function tellOnPage(c: Context<AppEnv>) {
  const words = (
    <Toast bad>
      {'First confirm it’s you. Nothing was sent. '}
      <a href={confirmPath(pageBefore(c))} target="_blank" rel="noopener">
        Confirm in a new tab
      </a>
      , then try again here.
    </Toast>
  )
  return c.html(words, 401, IN_NOTICE)
}

/** In the place of the answer, since only this request has what was typed. */
async function askForForm(c: Context<AppEnv>, { userId, email }: ProofNeeded['person']) {
  const page = pageBefore(c)
  const typed = await typedInto(c)
  const draft =
    typed && (await sealDraft(c.env, userId, { action: pathOf(c.req.url), page: page ?? '/', fields: typed }, Date.now()))
  c.status(401)
  const sent = typed ? (draft ? 'kept' : 'lost') : 'empty'
  return c.render(<ConfirmPage {...{ email, draft, sent }} next={page} />, { title: 'Confirm it’s you' })
}
