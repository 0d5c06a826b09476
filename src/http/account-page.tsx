import type { Context } from 'hono'
import { AccountPage } from '../../views/identity/account'
import type { AccountProblem, AccountProps } from '../../views/identity/account-props'
import type { AppEnv } from '../env'
import type { KnownBrowser } from '../models/identity/known-browser'
import { type OwnCredential, sorted } from '../models/identity/own-credentials'
import type { Asking } from '../models/members/factor-rules'
import { browserHash } from './browser-cookie'

type Entered = Pick<AccountProps, 'person' | 'sessions' | 'apps' | 'now'> & {
  asking: Asking[]
  browsers: KnownBrowser[]
  credentials: OwnCredential[]
}

/** The page of whoever `enterAsPerson(c, accountPage)` let in. */
export async function showAccount(c: Context<AppEnv>, entered: Entered, problem?: AccountProblem) {
  const { person, asking, sessions, credentials, apps, now } = entered
  const hash = await browserHash(c)
  const browsers = entered.browsers.map(({ browserHash, ...browser }) => ({ ...browser, current: browserHash === hash }))
  if (problem && problem.problem !== 'too_many_tries') c.status(problem.field === 'factors' ? 409 : 422)
  const props = {
    person,
    asking: asking[0],
    sessions,
    browsers,
    apps,
    ways: sorted(credentials),
    now,
    problem,
    opens: c.req.query('open') === 'password',
  }
  return c.render(<AccountPage {...props} />, { title: 'Account' })
}
