import { FACTOR_POLICIES } from '../../db/schema/workspace'
import { DAY_MS } from '../../limits'
import type { Role } from '../access/access'

export { FACTOR_POLICIES }
export type FactorPolicy = (typeof FACTOR_POLICIES)[number]

/** What a workspace asks of its members, since `policyAt` (ms), and when this one joined. */
export type FactorRule = { policy: FactorPolicy; policyAt: number; graceDays: number; role: Role; joinedAt: number | null }

/** The roles of those whom a workspace asks. */
export const rolesAsked = (policy: FactorPolicy): Role[] =>
  policy === 'optional' ? [] : policy === 'admins' ? ['admin'] : ['admin', 'user']

const STRICTNESS: Record<FactorPolicy, number> = { optional: 0, admins: 1, everybody: 2 }

/** Whether somebody is asked for one who was not before. */
export const tightens = (before: FactorPolicy, after: FactorPolicy) => STRICTNESS[after] > STRICTNESS[before]

/** What the door judges, as the database says now: from when on one is asked for (ms), how many there are, and when the session proved one (ms), or 0. */
export type FactorState = { dueAt: number | undefined; factors: number; factorAt: number }

/** `later`: one has to be set up, but not yet; `enrol`: one has to be set up now; `prove`: there is one that this session has not proven. */
export type FactorDemand = 'none' | 'later' | 'enrol' | 'prove'

/** The ms from which on the workspace lets a member in with a second factor only: days of grace from the later of joining and the policy. Undefined where it asks them for none. */
export function factorDueAt({ policy, policyAt, graceDays, role, joinedAt }: FactorRule): number | undefined {
  if (!rolesAsked(policy).includes(role)) return undefined
  return Math.max(policyAt, joinedAt ?? 0) + graceDays * DAY_MS
}

/** Of one membership; what the database does not have is that of a workspace that asks nobody. */
export const factorStateOf = (
  { factors, factorAt }: Omit<FactorState, 'dueAt'>,
  {
    policy,
    policyAt,
    graceDays,
    role,
    joinedAt,
  }: Pick<FactorRule, 'policy' | 'role' | 'joinedAt'> & { policyAt: number | null; graceDays: number | null },
): FactorState => ({
  dueAt: factorDueAt({ policy, policyAt: policyAt ?? 0, graceDays: graceDays ?? 0, role, joinedAt }),
  factors,
  factorAt,
})

export function factorDemand({ dueAt, factors, factorAt }: FactorState, now: number): FactorDemand {
  if (dueAt === undefined) return 'none'
  if (factors === 0) return dueAt > now ? 'later' : 'enrol'
  return factorAt === 0 && dueAt <= now ? 'prove' : 'none'
}
