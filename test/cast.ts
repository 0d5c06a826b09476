import { env } from 'cloudflare:workers'
import { connect } from '../src/db/connect'
import type { Actor } from '../src/models/activity/activity'
import { addressOf } from '../src/models/core/address'
import { newSession } from '../src/models/identity/session'
import { invite } from '../src/models/invitations/invite'
import { nameOrEmail, toViewer, type Viewer, viewerOf } from '../src/models/members/viewer'
import { one } from './database'
import { insertSession } from './session'

/** Far more than any test sends, for tests that are not about the caps. */
export const NO_CAPS = { pending: 10_000, mailsADay: 10_000, mailsADayInAll: 10_000 }
export const IP = '203.0.113.7'
export const SOMEBODY: Actor = { id: null, name: null, ip: IP }

const db = connect(env.DB)

/** One of the cast as the models know a person: behind a session of their own. */
export async function viewerNamed(name: 'ada' | 'bob' | 'cat', tenant = name === 'cat' ? 'globex' : 'acme'): Promise<Viewer> {
  const session = await newSession()
  await insertSession(session, `user-${name}`, tenant, Date.now(), IP)
  const [row] = await viewerOf(db, { secretHash: session.secretHash, tenantId: tenant }, Date.now())
  if (!row) throw new Error(`${name} is nobody in ${tenant}`)
  return toViewer(row)
}

export const actorFor = (viewer: Viewer): Actor => ({ id: viewer.memberId, name: nameOrEmail(viewer), ip: IP })

export function typed(address: string) {
  const found = addressOf(address)
  if (!found) throw new Error(`${address} is not an address`)
  return found
}

export type Invitee = { memberId: string; mailId: string; email: string; jti: string }

/** Somebody pending, as an admin's invitation makes them. */
export async function invitee(by: Viewer, email = `${crypto.randomUUID()}@acme.test`, now = Date.now()): Promise<Invitee> {
  const made = await invite(
    db,
    by,
    actorFor(by),
    { address: typed(email), role: 'user', note: null, overrides: {}, agentMode: undefined, agentIds: [] },
    NO_CAPS,
    now,
  )
  if ('reason' in made) throw new Error(`${email} is ${made.reason}`)
  const open = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", made.memberId)
  return { ...made, email, jti: open?.jti ?? '' }
}
