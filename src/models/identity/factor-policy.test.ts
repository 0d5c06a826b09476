import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../limits'
import { askingOf } from '../members/factor-rules'
import { FACTOR_POLICIES, factorDemand, factorDueAt, factorStateOf, tightens } from './factor-policy'

const NOW = 1_800_000_000_000
const RULE = { policy: 'everybody', policyAt: NOW, graceDays: 7, role: 'user', joinedAt: NOW - 100 * DAY_MS } as const

describe('a second factor is asked for', () => {
  it.each([
    ['optional', 'admin', false],
    ['optional', 'user', false],
    ['admins', 'admin', true],
    ['admins', 'user', false],
    ['everybody', 'admin', true],
    ['everybody', 'user', true],
  ] as const)('where it is for %s, of a member who is %s: %s', (policy, role, asked) => {
    expect(factorDueAt({ ...RULE, policy, role }) !== undefined).toBe(asked)
  })

  it.each([
    ['the rule, of whoever joined before it', NOW - DAY_MS, 7, NOW + 7 * DAY_MS],
    ['joining, of whoever joined after it', NOW + 3 * DAY_MS, 7, NOW + 10 * DAY_MS],
    ['the rule, of whoever was never noted to join', null, 7, NOW + 7 * DAY_MS],
    ['the rule at once, without days of grace', NOW - DAY_MS, 0, NOW],
  ])('from %s', (_, joinedAt, graceDays, dueAt) => {
    expect(factorDueAt({ ...RULE, joinedAt, graceDays })).toBe(dueAt)
  })

  it('of nobody by a workspace that the database does not have', () => {
    const nothing = { policy: 'optional', policyAt: null, graceDays: null, role: 'user', joinedAt: null } as const
    expect(factorStateOf({ factors: 0, factorAt: 0 }, nothing).dueAt).toBeUndefined()
  })

  it('on the pages of no workspace by the one that asks soonest', () => {
    const row = (tenantId: string, graceDays: number, policy: 'admins' | 'everybody' = 'everybody') =>
      ({ ...RULE, tenantId, tenantName: tenantId, policy, graceDays }) as const
    const asking = askingOf([row('later', 9), row('of admins', 0, 'admins'), row('sooner', 2), row('last', 30)])
    expect(asking.map(({ tenantId, dueAt }) => [tenantId, dueAt])).toEqual([
      ['sooner', NOW + 2 * DAY_MS],
      ['later', NOW + 9 * DAY_MS],
      ['last', NOW + 30 * DAY_MS],
    ])
  })
})

describe('what the door asks', () => {
  const due = NOW
  it.each([
    ['nothing where nobody asks', { dueAt: undefined, factors: 0, factorAt: 0 }, due, 'none'],
    ['to set one up later, up to the last moment', { dueAt: due, factors: 0, factorAt: 0 }, due - 1, 'later'],
    ['to set one up from then on', { dueAt: due, factors: 0, factorAt: 0 }, due, 'enrol'],
    ['no proof before', { dueAt: due, factors: 1, factorAt: 0 }, due - 1, 'none'],
    ['a proof from then on', { dueAt: due, factors: 1, factorAt: 0 }, due, 'prove'],
    ['no other proof of a session that gave one', { dueAt: due, factors: 1, factorAt: 1 }, due, 'none'],
    ['a new one of whoever has none any more', { dueAt: due, factors: 0, factorAt: 1 }, due, 'enrol'],
  ] as const)('is %s', (_, state, now, demand) => {
    expect(factorDemand(state, now)).toBe(demand)
  })
})

it('a rule is tighter where it asks somebody whom the other does not', () => {
  const tighter = FACTOR_POLICIES.flatMap((before) =>
    FACTOR_POLICIES.filter((after) => tightens(before, after)).map((after) => `${before} to ${after}`),
  )
  expect(tighter.toSorted()).toEqual(['admins to everybody', 'optional to admins', 'optional to everybody'])
})
