import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { NothingToSetUpPage, SetupPage, type SetupProps } from '../../../views/workspace/setup'
import type { AppEnv } from '../../env'
import { setBrowserCookie } from '../../http/browser-cookie'
import { unchecked } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { ADDRESS_FIELDS, readForm } from '../../http/forms'
import { passwordProblemOf } from '../../http/new-password'
import { setSessionCookie } from '../../http/session-cookie'
import { exchangeSetupToken, forgetSetupToken, setupTokenHash } from '../../http/setup-token'
import { arrivalOf } from '../../http/signed-in'
import { readEmail } from '../../models/core/typed-address'
import { hashPassword } from '../../models/identity/password'
import { createWorkspace, mayBegin, readSetup } from '../../models/workspace/setup'
import { pathsIn } from '../../paths'

const FIELDS = { ...ADDRESS_FIELDS, workspace: v.string(), name: v.string(), password: v.string() }

export const setup = new Hono<AppEnv>()

setup.get('/', async (c) => {
  const token = c.req.query('token')
  if (token !== undefined) return exchangeSetupToken(c, token) ?? nothing(c)
  return (await allowed(c)) ? show(c, {}) : nothing(c)
})

setup.post('/', async (c) => {
  const form = await readForm(c, FIELDS)
  const tokenHash = await allowed(c)
  if (!tokenHash) return nothing(c)

  const typed = readEmail(form)
  const draft = 'email' in typed ? { ...form, email: typed.email } : form
  if ('email' in typed && !typed.doubt) return show(c, { draft })

  const problem = await passwordProblemOf(c, form.password, [form.workspace, form.name, form.email])
  const read = readSetup(form, problem)
  if ('problems' in read) {
    c.status(422)
    return show(c, { draft, problems: read.problems })
  }
  const secrets = { passwordHash: await hashPassword(form.password), tokenHash }
  const created = await createWorkspace(unchecked(c), read.created, secrets, await arrivalOf(c))
  if (!created) return nothing(c)
  forgetSetupToken(c)
  await setSessionCookie(c, created.session.secret)
  await setBrowserCookie(c, created.browser.secret)
  return redirectWith(c, pathsIn(created.tenantId).agents, { notice: 'workspace_created' })
})

/** Asked before a password is hashed: only the holder of a token may make us work. The write asks again. */
async function allowed(c: Context<AppEnv>) {
  const tokenHash = await setupTokenHash(c)
  if (!tokenHash) return undefined
  const [yes] = await mayBegin(unchecked(c), tokenHash)
  return yes && tokenHash
}

const show = (c: Context<AppEnv>, props: SetupProps) => c.render(<SetupPage {...props} />, { title: 'Set up your workspace' })

/** The same whatever is wrong: no token, not ours, expired, or somebody was first. */
function nothing(c: Context<AppEnv>) {
  c.status(410)
  return c.render(<NothingToSetUpPage />, { title: 'Nothing to set up' })
}
