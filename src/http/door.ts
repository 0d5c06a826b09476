import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { connect, type Db, type Statement } from '../db/connect'
import { type AppEnv, LOGOUTS_DUE } from '../env'
import { log, troubleOf } from '../log'
import type { SectionSlug } from '../models/access/section'
import { type Act, type MemberAct, nobodyAt, type PersonAct } from '../models/core/act'
import { type FactorState, factorDemand } from '../models/identity/factor-policy'
import { isTouchDue, type Person, personOf, touchSession, type Visitor } from '../models/identity/session'
import { type Asking, askingOf, factorRulesOf } from '../models/members/factor-rules'
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

/** For what creates or widens a way in (docs/rules.md, Fresh proof). */
export const fresh = (policy: Policy): Policy => Object.assign((viewer: Viewer) => policy(viewer), policy, { fresh: true } as const)

/** The same where only its form tells whether it does. @throws ProofNeeded */
export function expectProof(viewer: Viewer) {
  if (!viewer.fresh) throw proofNeeded(viewer)
}

/** The same of what somebody does for themself, in no workspace. @throws ProofNeeded */
export function expectOwnProof(person: Person) {
  if (!person.fresh) throw new ProofNeeded(person)
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

/** Whoever this is must prove it again before they may do this. `kept`: the fields that go on then, where not the whole form does. */
export class ProofNeeded extends HTTPException {
  constructor(
    readonly person: Pick<Person, 'userId' | 'email' | 'sessionId' | 'factors'>,
    readonly kept?: [string, string][],
  ) {
    super(401)
  }
}

export const proofNeeded = ({ factor: { factors }, ...viewer }: Asked) => new ProofNeeded({ ...viewer, factors })

/** A workspace lets in only whoever has a second factor, and they have none. */
export class FactorNeeded extends HTTPException {
  constructor(readonly tenantName: string) {
    super(403)
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
 * path names the workspace, the cookie the person; nothing read is handed on unless the person is an active member with the second factor that
 * the workspace asks for, and the policy agrees.
 * @throws SignedOut without a live session; OtherPerson for a form of somebody else's page; HTTPException 404 for a workspace that is not theirs; MembershipEnded past their end; FactorNeeded without a second factor; ProofNeeded where this session has not proven it; 403 where the policy says no, as NoAccess where an admin can change that; ProofNeeded where all that is missing is a fresh proof
 */
export async function enter<R extends Reads>(c: Context<AppEnv>, policy: Policy, reads: (at: Place) => R = () => ({}) as R) {
  const at: Place = { ...(await visitorOf(c)), tenantId: c.req.param('workspace') ?? '' }
  const asked = reads(at)
  const [[first], ...rows] = await at.db.batch([viewerOf(at), ...Object.values(asked)])
  if (first?.live) await expectPerson(c, first)
  const viewer = admitted(first)
  expectFactor(c, viewer, viewer.tenantName, at.now)
  c.set('viewer', viewer)
  if (first && isVisitDue(first, at.now)) afterwards(c, 'note visit', recordVisit(at, viewer))
  if (!policy(viewer)) throw policy.grantable ? new NoAccess(at) : new HTTPException(403)
  if (policy.fresh) expectProof(viewer)
  return { act: memberAct(c, at, viewer), viewer, to: pathsIn(viewer.tenantId), now: at.now, ...named(asked, rows) }
}

/**
 * The same for the pages of a person, which belong to no workspace: the strictest of their workspaces decides.
 * @throws SignedOut without a live session; OtherPerson, FactorNeeded and ProofNeeded as above
 */
export async function enterAsPerson<R extends Reads>(c: Context<AppEnv>, reads: (at: Visitor) => R = () => ({}) as R) {
  const entered = await enterToProve(c, reads)
  expectFactors(c, entered.person, entered.asking, entered.now)
  return entered
}

/** The same for the pages that a second factor is set up and proven on, which nobody needs one for: docs/rules.md has their list. */
export async function enterToProve<R extends Reads>(c: Context<AppEnv>, reads: (at: Visitor) => R = () => ({}) as R) {
  const at = await visitorOf(c)
  const asked = reads(at)
  const [[person], rules, ...rows] = await at.db.batch([personOf(at), factorRulesOf(at), ...Object.values(asked)])
  if (!person) throw new SignedOut({ reason: 'ended' })
  const { sessionId, userId, live } = person
  if (!live) throw new SignedOut({ reason: endOf(person), userId, sessionId })
  await expectPerson(c, person)
  c.set('person', person)
  if (isTouchDue(person, at.now)) afterwards(c, 'note visit', touchSession(at, person))
  const by = { memberId: null, name: person.name, email: person.email, ip: originOf(c).ip }
  const act: PersonAct = { db: at.db, by, now: at.now, userId, sessionId }
  return { act, person, asking: askingOf(rules), now: at.now, ...named(asked, rows) }
}

type Asked = Pick<Viewer, 'userId' | 'email' | 'sessionId' | 'factor'>

/** By the strictest of several workspaces. @throws FactorNeeded, ProofNeeded */
export function expectFactors(
  c: Context<AppEnv>,
  { userId, email, sessionId, ...proven }: Omit<Asked, 'factor'> & Proven,
  [first]: Asking[],
  now: number,
) {
  if (first) expectFactor(c, { userId, email, sessionId, factor: { dueAt: first.dueAt, ...proven } }, first.tenantName, now)
}
type Proven = Omit<FactorState, 'dueAt'>

function expectFactor(c: Context<AppEnv>, person: Asked, tenantName: string, now: number) {
  const demand = factorDemand(person.factor, now)
  if (demand !== 'enrol' && demand !== 'prove') return
  // What is shown in the place of the answer is theirs, though they are not let in.
  c.set('signedIn', person.userId)
  throw demand === 'enrol' ? new FactorNeeded(tenantName) : proofNeeded(person)
}

/** The database for the pages before any sign-in: nobody was checked, so whatever is done with it must check for itself. */
export const unchecked = (c: Context<AppEnv>): Act => ({ db: connectionOf(c), by: nobodyAt(originOf(c).ip), now: Date.now() })

/** Whom a cookie names, not yet looked up; an empty hash names no session. */
export async function visitorIfAny(c: Context<AppEnv>): Promise<Visitor> {
  return { db: connectionOf(c), secretHash: (await sessionCookie(c)) ?? '', now: Date.now() }
}

/** One for each request, so that its errors can say whether anything was written. */
function connectionOf(c: Context<AppEnv>): Db {
  const db = c.get('db') ?? connect(c.env.DB, () => afterwards(c, 'queue sign-outs', c.env.JOB_QUEUE.send(LOGOUTS_DUE)))
  c.set('db', db)
  return db
}

async function visitorOf(c: Context<AppEnv>): Promise<Visitor> {
  const visitor = await visitorIfAny(c)
  if (!visitor.secretHash) throw new SignedOut({ reason: 'nobody' })
  return visitor
}

/** What was read, by the names of what was asked for in this order. */
const named = <R extends Reads>(asked: R, rows: unknown[]) =>
  Object.fromEntries(Object.keys(asked).map((name, i) => [name, rows[i]])) as Found<R>

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
