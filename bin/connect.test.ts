import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Connection, PLACEHOLDER } from '../src/models/apps/recipes/recipe.ts'
import { RECIPES } from '../src/models/apps/recipes/recipes.ts'

/** Those of proxies that ask before they let anybody through have other examples: bin/proxy-settings.test.ts. */
const PROXIES = ['nginx', 'caddy', 'traefik']
const TOOLS = RECIPES.filter(({ slug }) => !PROXIES.includes(slug))
const AFTER_LOGOUT: Record<string, string[]> = { grafana: ['https://grafana.example.com/login'] }

/** What a page of docs/connect has in the place of a real app. */
const exampleOf = (slug: string): Connection => ({
  issuer: 'https://latchkey.example.com',
  clientId: 'CLIENT_ID',
  secret: PLACEHOLDER,
  host: `${slug}.example.com`,
  redirectUris: [`https://${slug}.example.com/callback`],
  afterLogoutUris: AFTER_LOGOUT[slug] ?? [],
  resource: null,
})

const pageOf = (name: string) => readFileSync(`docs/connect/${name}.md`, 'utf8')

it.each(TOOLS)('docs/connect has for $name the settings that the page of an app has', ({ slug, text }) => {
  expect(pageOf(slug)).toContain(`\`\`\`\n${text(exampleOf(slug))}\n\`\`\`\n`)
})

it.each(TOOLS)('the page of $name says whether it was tried, and the first one leads there', ({ slug }) => {
  expect(pageOf(slug)).toMatch(/\btried\b/)
  expect(pageOf('README')).toContain(`(${slug}.md)`)
})
