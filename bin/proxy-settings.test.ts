import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { caddy } from '../src/models/apps/recipes/caddy.ts'
import { nginx } from '../src/models/apps/recipes/nginx.ts'
import { PLACEHOLDER } from '../src/models/apps/recipes/recipe.ts'
import { traefik } from '../src/models/apps/recipes/traefik.ts'

const EXAMPLE = {
  issuer: 'https://latchkey.example.com',
  clientId: 'YOUR_CLIENT_ID',
  secret: PLACEHOLDER,
  host: 'traces.example.com',
  redirectUris: [],
  afterLogoutUris: [],
  resource: null,
}

it.each([nginx, caddy, traefik])('the page on $name gives the settings that the page of an app does', ({ slug, text }) => {
  expect(readFileSync(`docs/connect/${slug}.md`, 'utf8')).toContain(`\n${text(EXAMPLE).trimEnd()}\n\`\`\``)
})

it.each([nginx, caddy])(
  'the settings of $name hold the proof while the secret is known, and say how to write it after',
  ({ text }) => {
    expect(text({ ...EXAMPLE, secret: 'known' })).toContain(`"Basic ${btoa('YOUR_CLIENT_ID:known')}"`)
    expect(text(EXAMPLE)).toContain('"Basic OUTPUT_OF_THE_COMMAND_ABOVE"')
    expect(text(EXAMPLE)).toContain(`printf '%s' 'YOUR_CLIENT_ID:${PLACEHOLDER}' | base64 -w0`)
  },
)
