import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { enterAsPerson, expectOwnProof } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { clearSessionCookie } from '../../http/session-cookie'
import { forgetBrowser } from '../../models/identity/known-browser'
import { endSessionOf, signOutEverywhere } from '../../models/identity/session'

/** Where somebody is signed in, which they end themselves. */
export const ownSessions = new Hono<AppEnv>()

ownSessions.post('/sign-out', async (c) => {
  const { act, person } = await enterAsPerson(c)
  expectOwnProof(person)
  await readForm(c, {})
  await signOutEverywhere(act)
  clearSessionCookie(c)
  return redirectWith(c, '/login', { notice: 'signed_out_everywhere' })
})

ownSessions.post('/sessions/:id/end', async (c) => {
  const { act, person } = await enterAsPerson(c)
  expectOwnProof(person)
  await readForm(c, {})
  if (!(await endSessionOf(act, c.req.param('id')))) throw new HTTPException(404)
  return redirectWith(c, '/account', { notice: 'session_ended' })
})

ownSessions.post('/browsers/:id/forget', async (c) => {
  const { act, person } = await enterAsPerson(c)
  expectOwnProof(person)
  await readForm(c, {})
  if (!(await forgetBrowser(act, c.req.param('id')))) throw new HTTPException(404)
  return redirectWith(c, '/account', { notice: 'browser_forgotten' })
})
