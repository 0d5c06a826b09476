import type { Context } from 'hono'
import { Hono } from 'hono'
import { type OpenElsewhere, OwnSecondFactorPage } from '../../../views/identity/own-second-factor'
import type { AppEnv } from '../../env'
import { enterToProve } from '../../http/door'
import { readForm } from '../../http/forms'
import { confirmPath, ownPath, ownSecondFactorPath } from '../../http/next'
import { tooMany } from '../../http/throttle'
import { HOUR_MS } from '../../limits'
import { post } from '../../mail/queue'
import { askForFactorLink, factorLinkTry } from '../../models/identity/ask-factor-link'
import { factorDemand } from '../../models/identity/factor-policy'
import type { Visitor } from '../../models/identity/session'
import type { Asking } from '../../models/members/factor-rules'
import { type Membership, membershipsOf } from '../../models/members/viewer'

/** Where somebody learns that a workspace asks for a second factor, and has the link emailed that sets up the first. */
export const ownSecondFactor = new Hono<AppEnv>()

const pageOf = (at: Visitor) => ({ memberships: membershipsOf(at) })

ownSecondFactor.get('/', async (c) => {
  const entered = await enterToProve(c, pageOf)
  const next = ownPath(c.env.APP_ORIGIN, c.req.query('next'))
  return leadOn(c, entered, next) ?? show(c, entered, { next, sent: c.req.query('sent') !== undefined })
})

ownSecondFactor.post('/link', async (c) => {
  const { allowed, blocked, ...entered } = await enterToProve(c, (at) => ({ ...pageOf(at), ...factorLinkTry(at) }))
  await readForm(c, {})
  const elsewhere = leadOn(c, entered)
  if (elsewhere) return elsewhere
  const mailId = allowed.length > 0 ? await askForFactorLink(entered.act) : undefined
  if (!mailId) return refuse(c, entered, blocked[0]?.until || entered.now + HOUR_MS)
  post(c.env, c.executionCtx, [mailId])
  return c.redirect(`${ownSecondFactorPath()}?sent`, 303)
})

type Entered = Pick<Awaited<ReturnType<typeof enterToProve>>, 'person' | 'asking' | 'now'> & { memberships: Membership[] }

/** Whoever has one proves it; of whoever is asked for none nothing is wanted here. */
function leadOn(c: Context<AppEnv>, entered: Entered, next?: string) {
  const demand = demandOf(entered)
  if (demand === 'prove') return c.redirect(confirmPath(next), 303)
  return demand === 'none' ? c.redirect('/account', 303) : undefined
}

const demandOf = ({ person, asking: [first], now }: Entered) => factorDemand({ dueAt: first?.dueAt, ...person }, now)

function refuse(c: Context<AppEnv>, entered: Entered, retryAt: number) {
  tooMany(c, retryAt, entered.now)
  return show(c, entered, { retryAt })
}

type Shown = Pick<Parameters<typeof OwnSecondFactorPage>[0], 'next' | 'sent' | 'retryAt'>

function show(c: Context<AppEnv>, entered: Entered, shown: Shown) {
  const { person, asking, memberships, now } = entered
  // Around it would stand links that only lead back here.
  if (demandOf(entered) === 'enrol') {
    c.set('signedIn', person.userId)
    c.set('person', undefined)
  }
  const elsewhere = elsewhereOf(memberships, asking, now)
  return c.render(<OwnSecondFactorPage {...{ asking, elsewhere, now, email: person.email }} {...shown} />, {
    title: 'Second factor',
  })
}

/** What they may go on with meanwhile. */
const elsewhereOf = (memberships: Membership[], asking: Asking[], now: number): OpenElsewhere[] =>
  memberships.filter(
    ({ tenantId, status, suspended }) =>
      status === 'active' && !suspended && !asking.some((each) => each.tenantId === tenantId && each.dueAt <= now),
  )
