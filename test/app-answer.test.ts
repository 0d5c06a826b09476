import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connect } from '../src/db/connect'
import { type AgentMode, maySeeSection, type Role, type SectionSettings } from '../src/models/access/access'
import { CONFIGURABLE, SECTIONS } from '../src/models/access/section'
import { agentOf } from '../src/models/agents/agent'
import { factorDemand } from '../src/models/identity/factor-policy'
import { newSession } from '../src/models/identity/session'
import { toViewer, viewerOf } from '../src/models/members/viewer'
import { Client } from './client'
import { all, run } from './database'
import { expectOfAnyLife } from './lives'
import { insertSession } from './session'
import { begin, connected, tool } from './tool'

const SLUGS = SECTIONS.map(({ slug }) => slug)
const AGENT = 'agent-support-triage'
const PATIENCE_MS = 20_000
const DAY_MS = 86_400_000

const settings = fc.dictionary(
  fc.constantFrom(...CONFIGURABLE.map(({ slug }) => slug)),
  fc.constantFrom('on' as const, 'off' as const),
)

const WORLD = fc.record({
  subject: fc.oneof(fc.constantFrom(...SLUGS), fc.constant('an agent' as const), fc.constant('an agent' as const)),
  role: fc.constantFrom<Role>('user', 'user', 'user', 'admin'),
  defaults: settings,
  overrides: settings,
  mode: fc.constantFrom<AgentMode>('all', 'list'),
  listed: fc.boolean(),
  status: fc.constantFrom('active', 'active', 'active', 'active', 'disabled', 'ended'),
  suspended: fc.constantFrom(false, false, false, true),
  /** Their end, their last sign-out of the workspace and the policy, in days from now. */
  endsIn: fc.constantFrom(null, null, null, 1, -1),
  signedOut: fc.constantFrom(false, false, false, true),
  idle: fc.constantFrom(false, false, false, true),
  policy: fc.constantFrom('optional', 'optional', 'admins', 'everybody'),
  graceDays: fc.constantFrom(0, 0, 3),
  factors: fc.boolean(),
  proven: fc.boolean(),
})
type World = typeof WORLD extends fc.Arbitrary<infer W> ? W : never

it('an app, a page, the functions that decide and the view that ends grants give the same answer of anybody', async () => {
  const traces = await connectedFor()
  const answers = { yes: 0, no: 0 }
  await expectOfAnyLife(
    WORLD,
    async (world) => {
      const session = await build(world)
      const all = {
        app: await isSignedIn(traces, session.client),
        page: await isShown(session.client, world),
        model: await mayBeSeen(session.secretHash, world),
        view: await stands(session.id),
      }
      const { model } = all
      answers[model ? 'yes' : 'no']++
      expect(all, JSON.stringify(world)).toEqual({ app: model, page: model, model, view: model })
    },
    PATIENCE_MS,
  )
  expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(0)
})

async function connectedFor() {
  await connected()
  return tool()
}

/** Bob is who the world says, with one session, by which he is signed in to the app already. */
async function build(world: World) {
  const [session, now] = [await newSession(), Date.now()]
  for (const table of ['app_grants', 'access_changes', 'sessions', 'member_sections', 'section_defaults', 'member_agents'])
    await run(`DELETE FROM ${table}`)
  await run("DELETE FROM credentials WHERE kind <> 'password'")
  const forAdmins = SECTIONS.find(({ slug }) => slug === world.subject)?.kind === 'admin_only'
  await run(
    'UPDATE apps SET section = ?, agent_id = ?, for_admins = ?',
    world.subject === 'an agent' ? null : world.subject,
    world.subject === 'an agent' ? AGENT : null,
    forAdmins ? 1 : 0,
  )
  await settle('acme', world.defaults)
  for (const [section, access] of Object.entries(world.overrides))
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', ?, ?)", section, access)
  if (world.listed) await run("INSERT INTO member_agents (tenant_id, member_id, agent_id) VALUES ('acme', 'bob', ?)", AGENT)
  await run(
    "UPDATE tenants SET suspended_at = ?, factor_policy = ?, factor_policy_at = ?, factor_grace_days = ? WHERE id = 'acme'",
    world.suspended ? 1 : null,
    world.policy,
    now - DAY_MS,
    world.graceDays,
  )
  await insertSession(session, 'user-bob', now)
  await run(
    "UPDATE sessions SET last_seen_at = last_seen_at - ?, factor = ?, factor_at = ? WHERE user_id = 'user-bob'",
    world.idle ? DAY_MS : 0,
    world.proven ? 'passkey' : null,
    world.proven ? now : 0,
  )
  if (world.factors)
    await run(
      "INSERT INTO credentials (id, user_id, kind, secret, name, details, created_at, changed_at) VALUES ('key', 'user-bob', 'passkey', 'key', 'Phone', '{}', 1, 1)",
    )
  await run(
    "UPDATE members SET role = ?, agent_mode = ?, status = ?, joined_at = 1, ends_at = ?, valid_from = ? WHERE id = 'bob'",
    world.role,
    world.mode,
    world.status,
    world.role === 'admin' || world.endsIn === null ? null : now + world.endsIn * DAY_MS,
    world.signedOut ? now + 1 : 0,
  )
  await run(
    `INSERT INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, session_at, sid, sub, scope, created_at, used_at)
     VALUES (?1, 'acme', 'traces', 'bob', 'user-bob', ?1, ?2, 'sid', 'sub', 'openid', ?2, ?2)`,
    session.id,
    now,
  )
  const client = new Client()
  await client.enterWith(session.secret)
  return { client, id: session.id, secretHash: session.secretHash }
}

async function settle(tenantId: string, defaults: SectionSettings) {
  for (const [section, access] of Object.entries(defaults))
    await run('INSERT INTO section_defaults (tenant_id, section, access) VALUES (?, ?, ?)', tenantId, section, access)
}

async function isSignedIn(by: Awaited<ReturnType<typeof tool>>, client: Client) {
  const { path } = await begin(by)
  const answer = await client.get(path)
  return new URL(answer.headers.get('Location') ?? '/', env.APP_ORIGIN).searchParams.has('code')
}

/** A section that is Latchkey itself leads there. */
async function isShown(client: Client, { subject }: World) {
  const answer = await client.get(subject === 'an agent' ? `/w/acme/agents/${AGENT}` : `/w/acme/sections/${subject}`)
  return answer.status === 200 || (answer.headers.get('Location') ?? '').startsWith('/w/acme/')
}

/** What the door and the two functions say of the member. */
async function mayBeSeen(secretHash: string, { subject, role, defaults, overrides }: World) {
  const at = { db: connect(env.DB), secretHash, tenantId: 'acme', now: Date.now() }
  const [row] = await viewerOf(at)
  const viewer = toViewer(row)
  if ('reason' in viewer || ['enrol', 'prove'].includes(factorDemand(viewer.factor, at.now))) return false
  const found = SECTIONS.find(({ slug }) => slug === (subject === 'an agent' ? 'agents' : subject))
  const inSection = found !== undefined && maySeeSection({ role, defaults, overrides }, found)
  return inSection && (subject !== 'an agent' || (await agentOf(at, AGENT)).length === 1)
}

const stands = async (id: string) => (await all('SELECT id FROM standing_app_grants WHERE id = ?', id)).length === 1
