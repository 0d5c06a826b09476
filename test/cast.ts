import { env } from 'cloudflare:workers'
import { connect } from '../src/db/connect'
import { type Act, type MemberAct, nobodyAt, type PersonAct } from '../src/models/core/act'
import { addressOf } from '../src/models/core/address'
import { newSession } from '../src/models/identity/session'
import { invite } from '../src/models/invitations/invite'
import { toViewer, type Viewer, viewerOf } from '../src/models/members/viewer'
import { one } from './database'
import { insertSession } from './session'

/** Far more than any test sends, for tests that are not about the caps. */
export const NO_CAPS = { pending: 10_000, mailsADay: 10_000, mailsADayInAll: 10_000 }
export const IP = '203.0.113.7'

const db = connect(env.DB)

type Name = 'ada' | 'bob' | 'cat'

/** Somebody who holds a link and has not signed in, at a moment. */
export const somebody = (now = Date.now()): Act => ({ db, by: nobodyAt(IP), now })

/** One of the cast as the models know a person: behind a session of their own. */
export async function viewerNamed(name: Name, tenantId = name === 'cat' ? 'globex' : 'acme'): Promise<Viewer> {
  const session = await newSession()
  await insertSession(session, `user-${name}`)
  const [row] = await viewerOf({ db, secretHash: session.secretHash, tenantId, now: Date.now() })
  const viewer = toViewer(row)
  if ('reason' in viewer) throw new Error(`${name} is nobody in ${tenantId}`)
  return viewer
}

/** What they do in their workspace. */
export const actOf = ({ tenantId, memberId, name, email }: Viewer, now = Date.now()): MemberAct => ({
  db,
  tenantId,
  memberId,
  by: { memberId, name, email, ip: IP },
  now,
})

/** What they do for themself. */
export const personActOf = ({ userId, sessionId, name, email }: Viewer, now = Date.now()): PersonAct => ({
  db,
  userId,
  sessionId,
  by: { memberId: null, name, email, ip: IP },
  now,
})

export const actNamed = async (name: Name, now = Date.now()) => actOf(await viewerNamed(name), now)

export function typed(address: string) {
  const found = addressOf(address)
  if (!found) throw new Error(`${address} is not an address`)
  return found
}

export type Invitee = { memberId: string; mailId: string; email: string; jti: string }

/** Somebody pending, as an admin's invitation makes them. */
export async function invitee(act: MemberAct, email = `${crypto.randomUUID()}@acme.test`, name?: string): Promise<Invitee> {
  const draft = {
    address: typed(email),
    name,
    role: 'user',
    note: null,
    overrides: {},
    agentMode: undefined,
    agentIds: [],
  } as const
  const made = await invite(act, { ...draft, agentIds: [] }, NO_CAPS)
  if ('reason' in made) throw new Error(`${email} is ${made.reason}`)
  const open = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", made.memberId)
  return { ...made, email, jti: open?.jti ?? '' }
}
