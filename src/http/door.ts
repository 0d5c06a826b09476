import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { connect, type Db, type Statement } from '../db/connect'
import type { AppEnv } from '../env'
import { log, troubleOf } from '../log'
import type { SectionSlug } from '../models/access/section'
import { type Act, type MemberAct, nobodyAt, type PersonAct } from '../models/core/act'
import { isTouchDue, personOf, touchSession, type Visitor } from '../models/identity/session'
import {
  endOf,
  isVisitDue,
  type Place,
  recordVisit,
  type Stranger,
  toViewer,
  type Viewer,
  viewerOf,
} from '../models/members/viewer'
import { pathsIn } from '../paths'
import { originOf } from './origin'
import { sessionCookie } from './session-cookie'
import { expectPerson } from './whose'

type Judge = (viewer: Viewer) => boolean
/** `grantable`: what it asks for, an admin can give. `fresh`: it asks besides for a proof, minutes old, of who they are. */
export type Policy = Judge & { grantable?: true; fresh?: true }

export const member: Policy = () => true
export const admin: Policy = (viewer) => viewer.role === 'admin'
export const section = (slug: SectionSlug): Policy =>
  Object.assign<Judge, { grantable: true }>((viewer) => viewer.sections.some((each) => each.slug === slug), { grantable: true })

/** For what creates or widens a way in (docs/rules.md, Signing in). */
export const fresh = (policy: Policy): Policy => Object.assign((viewer: Viewer) => policy(viewer), policy, { fresh: true } as const)

/** The same where only its form tells whether it does. @throws ProofNeeded */
export function expectProof(viewer: Viewer) {
  if (!viewer.fresh) throw new ProofNeeded(viewer)
}

type Reads = Record<string, Statement<unknown>>
type Found<R extends Reads> = { [K in keyof R]: NonNullable<R[K]> extends PromiseLike<infer Rows> ? Rows : never }

/** No one is signed in, or the session is too old for this workspace: a page leads to sign-in and says why. */
export class SignedOut extends HTTPException {
  constructor(readonly stranger: Stranger) {
    super(401)
  }
}

/** A member lacks what an admin can give them. */
export class NoAccess extends HTTPException {
  constructor(readonly at: Place) {
    super(403)
  }
}

/** Whoever this is must prove it again before they may do this. */
export class ProofNeeded extends HTTPException {
  constructor(readonly person: Pick<Viewer, 'userId' | 'email'>) {
    super(401)
  }
}

/** Their membership in this workspace is past its end. */
export class MembershipEnded extends HTTPException {
  constructor(readonly tenantName: string) {
    super(403)
  }
}

/**
 * The only way from a route of a workspace to the database: judges who is asking and reads what the page needs, in one D1 batch of reads. The
 * path names the workspace, the cookie the person; nothing read is handed on unless the person is an active member and the policy agrees.
 * @throws SignedOut without a live session; OtherPerson for a form of somebody else's page; HTTPException 404 for a workspace that is not theirs; MembershipEnded past their end; 403 where the policy says no, as NoAccess where an admin can change that; ProofNeeded where all that is missing is a fresh proof
 */
export async function enter<R extends Reads>(c: Context<AppEnv>, policy: Policy, reads: (at: Place) => R = () => ({}) as R) {
  const at: Place = { ...(await visitorOf(c)), tenantId: c.req.param('workspace') ?? '' }
  const { first, found } = await readBeside(at, viewerOf(at), reads(at))
  if (first?.live) await expectPerson(c, first)
  const viewer = admitted(first)
  c.set('viewer', viewer)
  if (first && isVisitDue(first, at.now)) afterwards(c, 'note visit', recordVisit(at, viewer))
  if (!policy(viewer)) throw policy.grantable ? new NoAccess(at) : new HTTPException(403)
  if (policy.fresh) expectProof(viewer)
  return { act: memberAct(c, at, viewer), viewer, to: pathsIn(viewer.tenantId), now: at.now, ...found }
}

/** The same for the pages of a person, which belong to no workspace. @throws SignedOut without a live session; OtherPerson as above */
export async function enterAsPerson<R extends Reads>(c: Context<AppEnv>, reads: (at: Visitor) => R = () => ({}) as R) {
  const at = await visitorOf(c)
  const { first: person, found } = await readBeside(at, personOf(at), reads(at))
  if (!person) throw new SignedOut({ reason: 'ended' })
  const { sessionId, userId, live } = person
  if (!live) throw new SignedOut({ reason: endOf(person), userId, sessionId })
  await expectPerson(c, person)
  c.set('person', person)
  if (isTouchDue(person, at.now)) afterwards(c, 'note visit', touchSession(at, person))
  const by = { memberId: null, name: person.name, email: person.email, ip: originOf(c).ip }
  const act: PersonAct = { db: at.db, by, now: at.now, userId, sessionId }
  return { act, person, now: at.now, ...found }
}

/** The database for the pages before any sign-in: nobody was checked, so whatever is done with it must check for itself. */
export const unchecked = (c: Context<AppEnv>): Act => ({ db: connectionOf(c), by: nobodyAt(originOf(c).ip), now: Date.now() })

/** Whom a cookie names, not yet looked up; an empty hash names no session. */
export async function visitorIfAny(c: Context<AppEnv>): Promise<Visitor> {
  return { db: connectionOf(c), secretHash: (await sessionCookie(c)) ?? '', now: Date.now() }
}

/** One for each request, so that its errors can say whether anything was written. */
function connectionOf(c: Context<AppEnv>): Db {
  const db = c.get('db') ?? connect(c.env.DB)
  c.set('db', db)
  return db
}

async function visitorOf(c: Context<AppEnv>): Promise<Visitor> {
  const visitor = await visitorIfAny(c)
  if (!visitor.secretHash) throw new SignedOut({ reason: 'nobody' })
  return visitor
}

async function readBeside<Row, R extends Reads>({ db }: Visitor, who: Statement<Row>, reads: R) {
  const [[first], ...rows] = await db.batch([who, ...Object.values(reads)])
  const found = Object.fromEntries(Object.keys(reads).map((name, i) => [name, rows[i]])) as Found<R>
  return { first, found }
}

function admitted(row: Parameters<typeof toViewer>[0]): Viewer {
  const found = toViewer(row)
  if (!('reason' in found)) return found
  if (found.reason === 'no_member') throw new HTTPException(404)
  if (found.reason === 'past_end') throw new MembershipEnded(found.tenantName ?? '')
  throw new SignedOut(found)
}

function memberAct(c: Context<AppEnv>, { db, now }: Place, { memberId, tenantId, name, email }: Viewer): MemberAct {
  return { db, now, tenantId, memberId, by: { memberId, name, email, ip: originOf(c).ip } }
}

/** Nobody waits for it, and whatever it was to write is made up for by the next visit or by the Cron. */
export function afterwards(c: Context<AppEnv>, action: string, writes: PromiseLike<unknown>) {
  const failed = (error: unknown) => log({ requestId: c.get('requestId'), action, outcome: 'failed', ...troubleOf(error) })
  c.executionCtx.waitUntil(Promise.resolve(writes).catch(failed))
}
