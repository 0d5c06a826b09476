import type { Context } from 'hono'
import { Toast } from '../../views/components/toast'
import { FactorNeededPage } from '../../views/identity/factor-needed'
import type { AppEnv } from '../env'
import type { FactorNeeded } from './door'
import { IN_NOTICE, isHtmx, keepsPage } from './htmx'
import { ownSecondFactorPath, pathOf } from './next'
import { pageBefore } from './page-before'

/** Leads somebody to where a second factor is set up. That ends this session, so that nothing of a form is kept for afterwards. */
export function askForFactor(c: Context<AppEnv>, { tenantName }: FactorNeeded) {
  if (keepsPage(c)) return tellOnPage(c, tenantName)
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return sayNothingSent(c, tenantName)
  const path = ownSecondFactorPath(pathOf(c.req.url))
  return isHtmx(c) ? c.body(null, 403, { 'HX-Redirect': path }) : c.redirect(path, 303)
}

function tellOnPage(c: Context<AppEnv>, tenantName: string) {
  const words = (
    <Toast bad>
      {`${tenantName} requires a second factor. Nothing was sent. `}
      <a href={ownSecondFactorPath(pageBefore(c))} target="_blank" rel="noopener">
        Set one up in a new tab
      </a>
      .
    </Toast>
  )
  return c.html(words, 403, IN_NOTICE)
}

function sayNothingSent(c: Context<AppEnv>, tenantName: string) {
  c.status(403)
  return c.render(<FactorNeededPage tenantName={tenantName} href={ownSecondFactorPath(pageBefore(c))} />, {
    title: 'Second factor',
  })
}
