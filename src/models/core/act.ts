import type { Db } from '../../db/connect'

/** Who did something, as the activity log keeps it: a snapshot. All null but the network for somebody who holds a link and has not signed in. */
export type Actor = { memberId: string | null; name: string | null; email: string | null; ip: string | null }

/** Who acts, when, with which database; whatever changes something takes it first. */
export type Act = { db: Db; by: Actor; now: number }

/** An active member acts in their workspace: today by a session. */
export type MemberAct = Act & { tenantId: string; memberId: string }

/** A signed-in person acts for themself, in no workspace. */
export type PersonAct = Act & { userId: string; sessionId: string }

/** Nobody that we know: the holder of a link, somebody who signs in. */
export const nobodyAt = (ip: string): Actor => ({ memberId: null, name: null, email: null, ip })
