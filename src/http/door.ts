import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { connect, type Db, type Statement } from '../db/connect'
import type { AppEnv } from '../env'
import type { SectionSlug } from '../models/access/section'
import { touchSession } from '../models/identity/session'
import { type Claim, toViewer, type Viewer, viewerOf } from '../models/members/viewer'
import { sessionCookie } from './session-cookie'

export type Policy = (viewer: Viewer) => boolean
export const member: Policy = () => true
export const admin: Policy = (viewer) => viewer.role === 'admin'
export const section =
  (slug: SectionSlug): Policy =>
  (viewer) =>
    viewer.sections.some((each) => each.slug === slug)

type Reads = Record<string, Statement<unknown>>
type Found<R extends Reads> = { [K in keyof R]: R[K] extends Statement<infer Row> ? Row[] : never }

/**
 * The only way from a route to the database: judges who is asking and reads what the page needs, in one D1 round trip.
 * `reads` is scoped by the cookie's claim; nothing read is handed on unless the claim holds and the policy agrees.
 * @throws HTTPException 401 without a live session, 403 where the policy says no
 */
export async function enter<R extends Reads>(
  c: Context<AppEnv>,
  policy: Policy,
  reads: (db: Db, at: Claim, now: number) => R = () => ({}) as R,
) {
  const claim = await sessionCookie(c)
  if (!claim) throw new HTTPException(401)

  const now = Date.now()
  const db = connect(c.env.DB)
  const asked = reads(db, claim, now)
  const [[row], , ...rows] = await db.batch([
    viewerOf(db, claim, now),
    touchSession(db, claim.secretHash, now),
    ...Object.values(asked),
  ])
  if (!row) throw new HTTPException(401)

  const viewer = toViewer(row)
  c.set('viewer', viewer)
  if (!policy(viewer)) throw new HTTPException(403)

  const found = Object.fromEntries(Object.keys(asked).map((name, i) => [name, rows[i]])) as Found<R>
  return { db, viewer, now, ...found }
}

/** The database for the pages before any sign-in: nobody was checked, so whatever is done with it must check for itself. */
export const unchecked = (c: Context<AppEnv>) => ({ db: connect(c.env.DB), now: Date.now() })
