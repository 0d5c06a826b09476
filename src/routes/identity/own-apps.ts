import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { enterAsPerson } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { signOutOfOwnApp, withdrawConsent } from '../../models/apps/own-apps'

/** What somebody is signed in to, and has agreed to. */
export const ownApps = new Hono<AppEnv>()

ownApps.post('/:app/sign-out', (c) => leave(c, signOutOfOwnApp, 'own_app_signed_out'))

ownApps.post('/:app/withdraw', (c) => leave(c, withdrawConsent, 'consent_withdrawn'))

async function leave(
  c: Context<AppEnv, '/:app/*'>,
  end: typeof signOutOfOwnApp,
  notice: 'own_app_signed_out' | 'consent_withdrawn',
) {
  const { act } = await enterAsPerson(c)
  const { client } = await readForm(c, { client: v.string() })
  const name = await end(act, { appId: c.req.param('app'), client })
  if (name === undefined) throw new HTTPException(404)
  return redirectWith(c, '/account', { notice, who: name })
}
