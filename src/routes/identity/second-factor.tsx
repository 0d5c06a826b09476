import type { Context } from 'hono'
import { Hono } from 'hono'
import { type OpenElsewhere, SecondFactorPage, type SecondFactorProps } from '../../../views/identity/second-factor'
import type { AppEnv } from '../../env'
import { enterToProve } from '../../http/door'
import { confirmPath, ownPath } from '../../http/next'
import { type FactorDemand, factorDemand } from '../../models/identity/factor-policy'
import type { Asking } from '../../models/members/factor-rules'
import { type Membership, membershipsOf } from '../../models/members/viewer'

/** Where somebody learns that a workspace asks for a second factor, and has the link emailed that sets up the first. */
export const secondFactor = new Hono<AppEnv>()

secondFactor.get('/', async (c) => {
  const { person, asking, memberships, now } = await enterToProve(c, (at) => ({ memberships: membershipsOf(at) }))
  const next = ownPath(c.env.APP_ORIGIN, c.req.query('next'))
  const [first] = asking
  const demand = factorDemand({ dueAt: first?.dueAt, ...person }, now)
  if (demand === 'prove') return c.redirect(confirmPath(next), 303)
  if (!first || demand === 'none') return c.redirect('/account', 303)
  return show(c, demand, { first, email: person.email, elsewhere: elsewhereOf(memberships, asking, now), next, now })
})

/** What they may go on with meanwhile. */
const elsewhereOf = (memberships: Membership[], asking: Asking[], now: number): OpenElsewhere[] =>
  memberships.filter(
    ({ tenantId, status, suspended }) =>
      status === 'active' && !suspended && !asking.some((each) => each.tenantId === tenantId && each.dueAt <= now),
  )

function show(c: Context<AppEnv>, demand: FactorDemand, props: SecondFactorProps) {
  // Around it would stand links that only lead back here.
  if (demand === 'enrol') {
    c.set('signedIn', c.get('person')?.userId)
    c.set('person', undefined)
  }
  return c.render(<SecondFactorPage {...props} />, { title: 'Second factor' })
}
