import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCron } from '../src/cron'
import { connect } from '../src/db/connect'
import { raw } from '../src/db/raw'
import { SETTLED_AT_ONCE } from '../src/db/settle'
import { PASS_PHRASE } from '../src/dev/seed'
import { LOGOUTS_DUE, readEnv } from '../src/env'
import { tellApps } from '../src/jobs/logouts'
import { DAY_MS, LOGOUTS, SESSION } from '../src/limits'
import { OFFLINE_MS } from '../src/models/apps/reads'
import { sha256 } from '../src/models/core/random'
import { useFactorLink } from '../src/models/identity/use-factor-link'
import { createPreset } from '../src/models/presets/preset'
import { actNamed, IP, somebody } from './cast'
import { Client, signedIn } from './client'
import { all, one, resetLinkIn, run } from './database'
import { insertFactorLink } from './factor-link'
import { asksForFactor, hasPasskey, provedFactor } from './factors'
import { formIn } from './form'
import { AGENT, APPS, connectAll, isSignedInTo, standing, toBeTold } from './grants'

const ACCESS = '/w/acme/access'
const NEW_PASSWORD = 'plum teapot orbit canyon'
let ada: Client
let bob: Client

beforeEach(async () => {
  await connectAll()
  ada = await signedIn('ada')
  bob = await signedIn('bob')
  await isSignedInTo('ada')
  await isSignedInTo('bob')
})

type Fields = Record<string, string | string[]>

async function post(client: Client, path: string, fields: Fields = {}) {
  const answer = await client.post(path, fields)
  expect([path, answer.status]).toEqual([path, 303])
}
const admin = (path: string, fields?: Fields) => () => post(ada, ACCESS + path, fields)
/** As the page that asks first has it. */
const asked =
  (path: string, typed: Fields = {}) =>
  async () => {
    const [page, action = ''] = [ACCESS + path, (ACCESS + path).split('?')[0]]
    await post(ada, action, { ...formIn(await (await ada.get(page)).text(), action), ...typed })
  }

/** Nobody delivers here. */
const queue = Object.assign(Object.create(env.JOB_QUEUE) as typeof env.JOB_QUEUE, { send: async () => undefined })
const cron = () => runCron(readEnv({ ...env, JOB_QUEUE: queue }), '* * * * *', Date.now())
/** What nothing but the clock has ended, or a command of the operator that settles nothing itself. */
const elapsed = (statement: string) => async () => {
  await run(statement)
  await cron()
}
const batch = (statement: string) => async () => {
  const db = connect(env.DB)
  await db.batch([raw(db, sql.raw(statement))])
}

async function presetOf(sections: string[], agents?: string[]) {
  const facts = {
    name: 'Support',
    sections,
    mode: agents ? ('list' as const) : ('all' as const),
    agents: agents ?? [],
    endsAt: null,
  }
  const made = await createPreset(await actNamed('ada'), facts)
  if ('reason' in made) throw new Error(made.reason)
  return made.id
}

async function realigned() {
  const preset = await presetOf(['agents', 'logs', 'traces'])
  await post(ada, `${ACCESS}/users/bob/preset`, { preset })
  const page = `${ACCESS}/presets/${preset}`
  const edit = formIn(await (await ada.get(`${page}/edit`)).text(), page)
  await post(ada, page, { ...edit, section: ['', 'agents', 'logs'] })
  expect(await standing()).toContain('bob traces')
  await post(ada, `${page}/realign`, formIn(await (await ada.get(page)).text(), `${page}/realign`))
}

async function reviewed() {
  const [id, page] = ['0f9a3c1e-5b0e-4a57-9a3f-6d1f0c2b7a11', `${ACCESS}/reviews/0f9a3c1e-5b0e-4a57-9a3f-6d1f0c2b7a11`]
  await post(ada, `${ACCESS}/reviews`, { id })
  const rows = await all<{ place: number; member_id: string }>('SELECT place, member_id FROM review_people')
  await post(ada, page, { do: 'keep', row: rows.map(({ place }) => `${place}`) })
  await post(ada, page, { do: `remove ${rows.find(({ member_id }) => member_id === 'bob')?.place}` })
  await asked(`/reviews/${id}/finish`)()
}

/** They were given it against the default, were signed in by that, and it is taken back. */
async function takenBack() {
  await post(ada, `${ACCESS}/permissions/defaults`, { section: 'traces', access: 'off' })
  const html = await (await ada.submit(`${ACCESS}/permissions/bob`, { section: 'traces', access: 'on' })).text()
  await run('DELETE FROM app_grants')
  await run('DELETE FROM app_logouts')
  await isSignedInTo('ada')
  await isSignedInTo('bob')
  await ada.post(html.match(/action="(\/w\/acme\/access\/undo\/[^"]+)"/)?.[1] ?? '')
}

async function resetByLink() {
  await new Client().post('/forgot-password', { email: 'bob@acme.test' })
  const [browser, link] = [new Client(), await resetLinkIn('bob@acme.test')]
  const page = (await browser.get(link)).headers.get('Location') ?? ''
  await post(browser, page, { token: new URL(link, env.APP_ORIGIN).searchParams.get('token') ?? '', password: NEW_PASSWORD })
}

const byLink = (purpose: 'first' | 'lost') => async () => {
  if (purpose === 'lost') await hasPasskey('bob')
  await run("INSERT INTO sign_ins VALUES ('half', 'user-bob', ?, 0, 1, 9e12)", await sha256('browser'))
  const done = await useFactorLink(somebody(), {
    link: { jti: await insertFactorLink('bob', purpose), userId: 'user-bob', email: 'bob@acme.test', purpose },
    factor: { kind: 'totp', id: 'new', secret: 'of the factor', counter: 7 },
    signIn: 'half',
    browser: await sha256('browser'),
    from: { ip: IP, userAgent: 'Test' },
    former: undefined,
  })
  expect(done).toBeDefined()
}

async function lastFactorRemoved() {
  await hasPasskey('bob')
  await provedFactor('bob')
  await post(bob, '/account/passkeys/passkey-bob/remove')
}

type Cause = [what: string, does: () => Promise<unknown>, ends: string[]]

/** What takes something away from Bob, and which of what he is signed in to ends by it. */
const CAUSES: Cause[] = [
  ['was disabled', admin('/users/bob/disable'), APPS],
  ['was deleted', admin('/users/bob/delete'), APPS],
  ['was signed out of the workspace', admin('/users/bob/sign-out'), APPS],
  ['was disabled with others', asked('/changes/disable?member=bob&member=pia'), APPS],
  ['was deleted with others', asked('/changes/delete?member=bob&member=dov', { typed: '2' }), APPS],
  ['was removed by a review', reviewed, APPS],
  ['is past their end', elapsed("UPDATE members SET ends_at = created_at + 1 WHERE id = 'bob'"), APPS],
  ['left', () => post(bob, '/w/acme/leave'), APPS],
  ['lost the section', admin('/permissions/bob', { section: 'traces', access: 'off' }), ['traces']],
  ['lost two sections', admin('/permissions/bob', { section: ['traces', 'logs'], access: ['off', 'off'] }), ['logs', 'traces']],
  ['lost the section by default', admin('/permissions/defaults', { section: 'traces', access: 'off' }), ['traces']],
  [
    'lost the section with others',
    admin('/permissions/columns', { section: 'logs', member: ['bob', 'pia'], access: 'off' }),
    ['logs'],
  ],
  ['lost the agents', admin('/permissions/bob', { section: 'agents', access: 'off' }), ['triage']],
  ['lost the agents by default', admin('/permissions/defaults', { section: 'agents', access: 'off' }), ['triage']],
  [
    'was given a preset',
    async () => post(ada, `${ACCESS}/users/bob/preset`, { preset: await presetOf(['logs'], []) }),
    ['traces', 'triage'],
  ],
  ['was given a preset anew, which had changed', realigned, ['traces']],
  ['lost the section by an undo', takenBack, ['traces']],
  ['lost the agent', admin('/agents/bob', { agent: AGENT, access: 'off' }), ['triage']],
  ['has an empty list of agents', admin('/agents/bob', { mode: 'list' }), ['triage']],
  ['changed their password', () => post(bob, '/account/password', { current: PASS_PHRASE, password: NEW_PASSWORD }), APPS],
  ['reset their password', resetByLink, APPS],
  ['removed their last factor', lastFactorRemoved, APPS],
  ['has a new factor in the place of a lost one', byLink('lost'), APPS],
  ['set up their first factor by a link', byLink('first'), APPS],
  ['signed out', () => post(bob, '/logout'), APPS],
  ['signed out everywhere', () => post(bob, '/account/sign-out'), APPS],
  [
    'was idle for too long',
    elapsed(`UPDATE sessions SET last_seen_at = last_seen_at - ${SESSION.idleMs + 1000} WHERE user_id = 'user-bob'`),
    APPS,
  ],
  ['has a session that is too old', elapsed("UPDATE sessions SET expires_at = 1 WHERE user_id = 'user-bob'"), APPS],
  ['is called otherwise by the apps', batch("DELETE FROM subjects WHERE user_id = 'user-bob'"), []],
]

const of = (name: string, apps: string[]) => apps.map((app) => `${name} ${app}`)
const without = (apps: string[]) => APPS.filter((app) => !apps.includes(app))

describe('somebody who', () => {
  it.each(CAUSES)('%s is signed in to nothing any more that they may not see, and stays so to the rest', async (_, does, ends) => {
    await does()
    expect(await standing()).toEqual([...of('ada', APPS), ...of('bob', without(ends))])
    expect(await toBeTold()).toEqual(of('bob', ends))
    expect(await all('SELECT * FROM access_changes')).toEqual([])
  })
})

/** What takes something away from everybody: of both what is named ends. */
const OF_ALL: Cause[] = [
  ['of an agent that was deleted', () => post(ada, `/w/acme/agents/${AGENT}/delete`), ['triage']],
  ['that was disconnected', batch("DELETE FROM apps WHERE id = 'logs'"), ['logs']],
  ['of a workspace that is suspended', batch("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'"), APPS],
  ['of a workspace that asks for a second factor', () => asksForFactor(), APPS],
]

describe('an app', () => {
  it.each(OF_ALL)('%s has nobody signed in to it', async (_, does, ends) => {
    await does()
    await batch("UPDATE throttles SET hits = hits WHERE key = ''")()
    expect(await standing()).toEqual([...of('ada', without(ends)), ...of('bob', without(ends))])
    expect(await toBeTold()).toEqual([...of('ada', ends), ...of('bob', ends)])
  })

  it('that is for another section from now on keeps whoever may see that one', async () => {
    await post(ada, `${ACCESS}/permissions/bob`, { section: 'eval', access: 'off' })
    await batch("UPDATE apps SET section = 'eval' WHERE id = 'traces'")()
    expect(await standing()).toEqual([...of('ada', APPS), ...of('bob', without(['traces']))])
  })

  it('for what only admins see loses whoever is an admin no more', async () => {
    await batch("UPDATE apps SET section = 'billing', for_admins = 1 WHERE id = 'logs'")()
    expect(await standing()).toEqual([...of('ada', APPS), ...of('bob', without(['logs']))])
    await post(ada, `${ACCESS}/users/bob/role`, { role: 'admin' })
    await run("DELETE FROM app_tokens WHERE grant_id = 'bob logs'")
    await run("DELETE FROM app_grants WHERE id = 'bob logs'")
    await isSignedInTo('bob', { apps: ['logs'] })
    await post(ada, `${ACCESS}/users/bob/role`, { role: 'user' })
    expect(await standing()).toEqual([...of('ada', APPS), ...of('bob', without(['logs']))])
  })

  it('is told where it can be reached by now, and not at all where it cannot', async () => {
    await run("UPDATE apps SET logout_uri = 'https://moved.example/logout' WHERE id = 'logs'")
    await run("UPDATE apps SET logout_uri = NULL WHERE id = 'traces'")
    await post(ada, `${ACCESS}/users/bob/disable`)
    expect(await all("SELECT app_id, uri, member_id FROM app_logouts WHERE app_id IN ('logs', 'traces')")).toEqual([
      { app_id: 'logs', uri: 'https://moved.example/logout', member_id: 'bob' },
    ])
  })
})

describe('who is signed in offline', () => {
  beforeEach(() => isSignedInTo('bob', { apps: ['traces'], offline: true }))
  const offline = async () => (await standing()).includes('bob traces offline')

  it('stays so without their session', async () => {
    await post(bob, '/logout')
    await cron()
    expect(await standing()).toEqual([...of('ada', APPS), 'bob traces offline'])
  })

  it('is not after 30 days in which nothing was asked', async () => {
    await run('UPDATE app_grants SET used_at = ?', Date.now() - OFFLINE_MS + DAY_MS)
    await cron()
    expect(await offline()).toBe(true)
    await run('UPDATE app_grants SET used_at = ?, look_at = 0', Date.now() - OFFLINE_MS - 1000)
    await cron()
    expect(await offline()).toBe(false)
  })

  it.each(
    CAUSES.filter(([, , ends]) => ends.includes('traces')).filter(
      ([what]) => !/^(signed out|was idle.*|has a session.*)$/.test(what),
    ),
  )('is not once they are somebody who %s', async (_, does) => {
    await does()
    expect(await offline()).toBe(false)
  })
})

describe('the clock', () => {
  const looks = () => one("SELECT look_at FROM app_grants WHERE id = 'bob logs'")

  it('is looked at when the session would be over, and again if it was used meanwhile', async () => {
    await cron()
    const { at } = (await one<{ at: number }>("SELECT last_seen_at AS at FROM sessions WHERE user_id = 'user-bob'")) ?? { at: 0 }
    expect(await looks()).toEqual({ look_at: at + SESSION.idleMs })
    expect(await standing()).toHaveLength(8)
  })

  it('ends the days of grace for a second factor', async () => {
    await asksForFactor('acme', { at: Date.now() - DAY_MS + 60_000, graceDays: 1 })
    await cron()
    expect(await standing()).toHaveLength(8)
    const { look_at } = (await looks()) as { look_at: number }
    expect(look_at).toBeLessThan(Date.now() + 61_000)
    await run('UPDATE tenants SET factor_policy_at = factor_policy_at - 61000')
    await run('UPDATE app_grants SET look_at = look_at - 61000')
    await cron()
    expect(await standing()).toEqual([])
  })
})

describe('a change for more people than are settled at once', () => {
  const MANY = SETTLED_AT_ONCE + 200
  const NUMBERS = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})`
  const left = () => one("SELECT count(*) AS n FROM app_grants WHERE id GLOB 'many *' AND ended_at IS NULL")

  beforeEach(async () => {
    await run(`INSERT INTO users (id, email, email_key, created_at) ${NUMBERS} SELECT 'many ' || i, i, i, 1 FROM n`)
    await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
      ${NUMBERS} SELECT 'many ' || i, 'acme', 'many ' || i, i, i, 'user', 'active', 'all', 1, 1 FROM n`)
    await run(`INSERT INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at)
      SELECT id, tenant_id, 'traces', id, user_id, id, 1, 1, id, id, 'openid', 1, ${Date.now()} FROM members WHERE id GLOB 'many *'`)
    await run('DELETE FROM access_changes')
    expect(await left()).toEqual({ n: MANY })
  })

  it('ends the grants of a chunk with it, and wakes a consumer, which ends the rest and wakes more to tell the apps', async () => {
    await post(ada, `${ACCESS}/permissions/defaults`, { section: 'traces', access: 'off' })
    expect([ada.wakes, (await left())?.n]).toEqual([1, expect.toSatisfy((n: number) => n >= 200 && n <= 202)])
    const wakes: unknown[] = []
    const JOB_QUEUE = Object.assign(Object.create(env.JOB_QUEUE), { send: async (message: unknown) => void wakes.push(message) })
    const asked: string[] = []
    const fetcher = async (url: RequestInfo | URL) => {
      asked.push(String(url))
      return new Response(null, { status: 200 })
    }
    await tellApps(readEnv({ ...env, JOB_QUEUE }), Date.now(), fetcher)
    expect([wakes, await left(), asked.length]).toEqual([[LOGOUTS_DUE], { n: 0 }, LOGOUTS.atOnce])
    expect(await standing()).toEqual([...of('ada', APPS), ...of('bob', without(['traces']))])
  })
})
