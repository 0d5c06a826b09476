import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type AgentMode, overridesFor, type Role, type SectionSettings, sectionsOf } from '../src/models/access/access'
import { CONFIGURABLE, SECTIONS, type Section, type SectionSlug } from '../src/models/access/section'
import { accept } from '../src/models/invitations/acceptance'
import { somebody } from './cast'
import { type Client, signedIn, signedInAs } from './client'
import { all, one, run } from './database'

/** A failure prints the seed and the path to it; `RUNS` more of another seed by changing this one. */
const SEED = 20_261_122
const RUNS = 40

const SLUGS = CONFIGURABLE.map(({ slug }) => slug)
const AGENTS = Array.from({ length: 4 }, (_, i) => `bot-${i}`)

const access = fc.constantFrom('on' as const, 'off' as const)
const settings = fc.dictionary(fc.constantFrom(...SLUGS), access, { maxKeys: SLUGS.length })
const mode = fc.constantFrom<AgentMode>('all', 'list')

/** A workspace, an invitation to it, and what an admin changes once the person has joined. */
const WORLD = fc.record({
  defaults: settings,
  defaultMode: mode,
  agents: fc.subarray(AGENTS),
  role: fc.constantFrom<Role>('user', 'user', 'user', 'admin'),
  sections: fc.option(fc.subarray(SLUGS), { nil: undefined }),
  mode: fc.option(mode, { nil: undefined, freq: 1 }),
  chosen: fc.subarray(AGENTS),
  later: fc.record({ defaults: settings, overrides: settings, mode, listed: fc.subarray(AGENTS) }),
})
type World = typeof WORLD extends fc.Arbitrary<infer W> ? W : never
type Seen = { sections: string[]; agents: string[] }

it('what the preview shows is what the person sees, page by page, before and after they join', async () => {
  await fc.assert(fc.asyncProperty(WORLD, holds), { seed: SEED, numRuns: RUNS })
})

async function holds(world: World) {
  await build(world)
  const ada = await signedIn('ada')
  const draft = draftOf(world)
  const overrides = world.sections ? overridesFor(world.sections, world.defaults) : {}
  const invited = answer(world, world.role, world.defaults, overrides, world.mode ?? world.defaultMode, draft.agent)

  const asked = await ada.post('/w/acme/access/invitations', { ...draft, preview: 'on' })
  const preview = previewIn(await asked.text())
  expect(preview).toEqual(invited)

  expect((await ada.post('/w/acme/access/invitations', draft)).status).toBe(303)
  const { id, person } = await join()
  expect(await ownView(person, world)).toEqual(preview)
  expect(previewIn(await text(ada, `/w/acme/access/users/${id}`))).toEqual(preview)

  const { later } = world
  await change(ada, id, world)
  const listed = later.listed.filter((agent) => world.agents.includes(agent))
  const changed = world.role === 'admin' ? invited : answer(world, world.role, later.defaults, later.overrides, later.mode, listed)
  expect(previewIn(await text(ada, `/w/acme/access/users/${id}`))).toEqual(changed)
  expect(await ownView(person, world)).toEqual(changed)
}

/** The rule in three lines. */
function answer(
  world: World,
  role: Role,
  defaults: SectionSettings,
  overrides: SectionSettings,
  mode: AgentMode,
  listed: string[],
): Seen {
  const sections = sectionsOf({ role, defaults, overrides })
  const seen = role === 'admin' || mode === 'all' ? world.agents : world.agents.filter((agent) => listed.includes(agent))
  return { sections: inSidebar(sections), agents: sections.some(({ slug }) => slug === 'agents') ? seen : [] }
}

/** No section leads to a tool in this world: what is Latchkey itself comes first. */
const inSidebar = (sections: readonly Section[]) =>
  [true, false].flatMap((own) => sections.filter(({ slug }) => ELSEWHERE.includes(slug) === own)).map(({ name }) => name)

async function build({ defaults, defaultMode, agents }: World) {
  await run("DELETE FROM invitations WHERE member_id <> 'pia'")
  await run("DELETE FROM members WHERE id NOT IN ('ada', 'bob', 'cat', 'dov', 'pia')")
  await run("DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE email_key = 'nell@acme.test')")
  await run("DELETE FROM users WHERE email_key = 'nell@acme.test'")
  await run('DELETE FROM mails WHERE member_id IS NULL')
  await run("DELETE FROM agents WHERE tenant_id = 'acme'")
  await run("UPDATE tenants SET default_agent_mode = ? WHERE id = 'acme'", defaultMode)
  await run('DELETE FROM section_defaults')
  await run("INSERT INTO section_defaults SELECT 'acme', key, value FROM json_each(?)", JSON.stringify(defaults))
  await run(
    `INSERT INTO agents (id, tenant_id, name, description, framework, deployment, url, tags, live, created_at)
     SELECT value, 'acme', value, '', '', '', 'https://agents.acme.test/' || value, '[]', 1, 1 FROM json_each(?)`,
    JSON.stringify(agents),
  )
}

/** As the form sends it: an empty `section` says that sections were chosen. */
const draftOf = ({ role, sections, mode, agents, chosen }: World) => ({
  email: 'nell@acme.test',
  role,
  ...(sections ? { section: ['', ...sections] } : {}),
  ...(mode ? { agent_mode: mode } : {}),
  agent: chosen.filter((agent) => agents.includes(agent)),
})

async function join() {
  const invited = await one<{ id: string; jti: string }>(
    "SELECT m.id, i.jti FROM members m JOIN invitations i ON i.member_id = m.id WHERE m.email_key = 'nell@acme.test' AND i.state = 'open'",
  )
  if (!invited) throw new Error('nobody was invited')
  await accept(somebody(), invited.jti, { passwordHash: env.TEST_PASSWORD_HASH, name: 'Nell' })
  const [user] = await all<{ id: string }>("SELECT id FROM users WHERE email_key = 'nell@acme.test'")
  return { id: invited.id, person: await signedInAs(user?.id ?? '') }
}

async function change(ada: Client, id: string, { defaults, agents, role, later }: World) {
  const post = async (path: string, fields: Record<string, string | string[]>) =>
    expect((await ada.post(path, fields)).status).toBe(role === 'admin' && !path.endsWith('defaults') ? 409 : 303)
  for (const section of SLUGS) {
    const wanted = later.defaults[section] ?? 'on'
    if (wanted !== (defaults[section] ?? 'on')) await post('/w/acme/access/permissions/defaults', { section, access: wanted })
  }
  const cells = SLUGS.map((section) => later.overrides[section] ?? 'default')
  await post(`/w/acme/access/permissions/${id}`, { section: SLUGS, access: cells })
  const listed = later.listed.filter((agent) => agents.includes(agent))
  await post(`/w/acme/access/agents/${id}`, later.mode === 'list' ? { mode: 'list', agent: listed } : { mode: 'all' })
}

async function text(client: Client, path: string) {
  const answer = await client.get(path)
  expect(answer.status, path).toBe(200)
  return answer.text()
}

const between = (html: string, from: string, to: string) => html.split(from)[1]?.split(to)[0] ?? ''
const sectionsIn = (html: string) =>
  [...html.matchAll(/class="nav-item"[^>]*>.*?<\/svg>([^<]*)<\/a>/g)].map(([, name = '']) => name)
const matches = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([, found = '']) => found)

function previewIn(html: string): Seen {
  const preview = between(html, '<aside class="preview"', '</aside>')
  expect(preview).not.toMatch(/<a [^>]*href=/)
  return { sections: sectionsIn(preview), agents: matches(preview, /data-agent="([^"]+)"/g) }
}

/** Their sidebar and Agents page, which every other page has to agree with. */
async function ownView(person: Client, { agents }: World): Promise<Seen> {
  const home = await person.get('/')
  const start = await text(person, home.headers.get('Location') ?? '/')
  const sections = sectionsIn(between(start, '<nav class="sidebar"', '</nav>'))
  const may = sections.includes('Agents')
  const page = await person.get('/w/acme/agents')
  expect(page.status).toBe(may ? 200 : 403)
  const cards = may ? matches(await page.text(), /<li class="agent-card" id="agent-([^"]+)"/g) : []

  for (const { slug, name } of SECTIONS) {
    const [shown, opened] = ELSEWHERE.includes(slug) ? [303, 303] : [200, 409]
    expect(await statuses(person, `/w/acme/sections/${slug}`), name).toEqual(sections.includes(name) ? [shown, opened] : [403, 403])
  }
  const unseen = may ? [404, 404] : [403, 403]
  for (const agent of agents)
    expect(await statuses(person, `/w/acme/agents/${agent}`), agent).toEqual(cards.includes(agent) ? [200, 303] : unseen)
  return { sections, agents: cards }
}

const statuses = async (person: Client, path: string) => [
  (await person.get(path)).status,
  (await person.get(`${path}/open`)).status,
]

/** Sections that are Latchkey itself and have pages of their own. */
const ELSEWHERE: SectionSlug[] = ['agents', 'access-management']
