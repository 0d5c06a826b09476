import { describe, expect, it } from 'vitest'
import { CONFIGURABLE } from '../access/section'
import { claimsOf, type Person } from './claims'

const BOB: Person = {
  sub: 'sub',
  email: 'bob@acme.test',
  name: 'Bob Okafor',
  proved: true,
  tenantId: 'acme',
  role: 'user',
  defaults: { logs: 'off' },
  overrides: { traces: 'on', eval: 'off' },
  agents: ['agent-support-triage', 'agent-release-notes'],
}

const WHO = {
  sub: 'sub',
  workspace: 'acme',
  name: 'Bob Okafor',
  role: 'user',
  email: 'bob@acme.test',
  email_verified: true,
}
const WORKSPACE = { section: null, agentId: null }
const agents = (count: number) => Array.from({ length: count }, (_, i) => `agent-${i}`)

describe('an app for', () => {
  it('a section learns of that section and the role, and of no other section or agent', () => {
    expect(claimsOf({ section: 'traces', agentId: null }, BOB, 'userinfo')).toEqual({
      ...WHO,
      groups: ['role:user', 'section:traces'],
    })
  })

  it('an agent learns of neither groups nor agents', () => {
    expect(claimsOf({ section: null, agentId: 'agent-support-triage' }, BOB, 'userinfo')).toEqual(WHO)
  })

  it('the whole workspace learns of each section that somebody can see, and of their agents', () => {
    const seen = CONFIGURABLE.map(({ slug }) => slug).filter((slug) => !['logs', 'eval'].includes(slug))
    expect(claimsOf(WORKSPACE, BOB, 'id_token')).toEqual({
      ...WHO,
      groups: ['role:user', ...seen.map((slug) => `section:${slug}`)],
      agents: BOB.agents,
    })
  })

  it('the whole workspace learns of an admin that they can see everything', () => {
    const { groups = [] } = claimsOf(WORKSPACE, { ...BOB, role: 'admin' }, 'id_token') as { groups?: string[] }
    expect(groups).toEqual(expect.arrayContaining(['role:admin', 'section:logs', 'section:eval', 'section:billing']))
  })
})

it.each([
  [50, 'id_token', true],
  [51, 'id_token', false],
  [51, 'userinfo', true],
] as const)('of %d agents %s tells: %s', (count, use, told) => {
  const claims = claimsOf(WORKSPACE, { ...BOB, agents: agents(count) }, use)
  expect('agents' in claims).toBe(told)
  expect(claims).toHaveProperty('groups')
})

it('an address that nobody has proven is left out, and so is a name that nobody gave', () => {
  const { email: _, email_verified: __, name: ___, ...rest } = WHO
  expect(claimsOf({ section: null, agentId: 'agent' }, { ...BOB, proved: false, name: null }, 'userinfo')).toEqual(rest)
})
