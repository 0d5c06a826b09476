import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { NothingToSetUpPage, SetupPage, type SetupProps } from '../../../views/workspace/setup'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { originOf } from '../../http/origin'
import { exchangeSetupToken, forgetSetupToken, setupTokenHash } from '../../http/setup-token'
import { hashPassword } from '../../models/identity/password'
import { checkSetup, found, mayBegin } from '../../models/workspace/setup'

const FIELDS = { workspace: v.string(), name: v.string(), email: v.string(), password: v.string() }

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

  const checked = await checkSetup(form, c.env.PASSWORD_RANGE_URL)
  if ('problems' in checked) {
    c.status(422)
    return show(c, { draft: form, problems: checked.problems })
  }
  const { db, now } = unchecked(c)
  const { founding } = checked
  if (!(await found(db, founding, await hashPassword(form.password), tokenHash, originOf(c).ip, now))) return nothing(c)
  forgetSetupToken(c)
  setFlash(c, { notice: 'workspace_created', email: founding.address.email })
  return c.redirect('/login', 303)
})

/** Asked before a password is hashed: only the holder of a token may make us work. The write asks again. */
async function allowed(c: Context<AppEnv>) {
  const tokenHash = await setupTokenHash(c)
  if (!tokenHash) return undefined
  const { db, now } = unchecked(c)
  const [yes] = await mayBegin(db, tokenHash, now)
  return yes && tokenHash
}

const show = (c: Context<AppEnv>, props: SetupProps) => c.render(<SetupPage {...props} />, { title: 'Set up your workspace' })

/** The same whatever is wrong: no token, not ours, lapsed, or somebody was first. */
function nothing(c: Context<AppEnv>) {
  c.status(410)
  return c.render(<NothingToSetUpPage />, { title: 'Nothing to set up' })
}
