import { expect, it } from 'vitest'
import { checkResource } from './addresses'
import { canonicalResource } from './resource'

it.each([
  ['https://agent.example', 'https://agent.example/'],
  ['https://AGENT.example:443/mcp', 'https://agent.example/mcp'],
  ['https://agent.example/a/../mcp', 'https://agent.example/mcp'],
  ['https://agent.example:8443/mcp?part=1', 'https://agent.example:8443/mcp?part=1'],
])('%s is kept as %s, however an admin or a client spells it', (typed, kept) => {
  expect(checkResource(` ${typed} `, 'https://latchkey.test')).toEqual({ value: kept })
  expect(canonicalResource(typed)).toBe(kept)
})

it.each(['https://agent.example/mcp/', 'https://agent.example/MCP'])('%s is another resource than one without', (other) => {
  expect(canonicalResource(other)).not.toBe('https://agent.example/mcp')
})

it.each([
  'http://agent.example/',
  'https://agent.example/#part',
  'https://agent.example/#',
  'https://me@agent.example/',
  'agent',
  '',
])('"%s" is none', (text) => expect(canonicalResource(text)).toBeUndefined())
