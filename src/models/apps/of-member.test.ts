import { beforeEach, describe, expect, it } from 'vitest'
import { lacksTraces } from '../../../test/access-requests'
import { actNamed, personActOf, viewerNamed } from '../../../test/cast'
import { all, dump, run } from '../../../test/database'
import { insertSession } from '../../../test/session'
import { signedInTo, usesTraces } from '../../../test/signed-in-to-apps'
import { connected } from '../../../test/tool'
import { startOver } from '../../../test/world'
import type { MemberAct } from '../core/act'
import { newSession } from '../identity/session'
import { appsOfMember, MEMBER_APPS, signOutOfApp } from './of-member'
import { ownAppsOf, signOutOfOwnApp, withdrawConsent } from './own-apps'

const NOW = Date.now()
const TRIAGE = 'agent-support-triage'
let ada: MemberAct

beforeEach(async () => {
  await startOver()
  ada = await actNamed('ada', NOW)
})

const live = () => all('SELECT member_id AS member, app_id AS app, client FROM app_grants WHERE ended_at IS NULL ORDER BY 1, 2, 3')
const kinds = () => all("SELECT kind, member_id AS member, after FROM activity WHERE kind LIKE 'app_%' ORDER BY at, id")
const why = async (id = 'bob') =>
  (await appsOfMember(ada, id)).map(({ appId, allowed, lacksSection, lacksAgent }) => [appId, allowed, lacksSection, lacksAgent])

describe('what an admin reads of somebody', () => {
  it('is which apps they may be signed in to, by which setting, and when they used one', async () => {
    await usesTraces('bob', NOW - 5)
    await connected({ id: 'wiki', name: 'Wiki', section: null })
    await connected({ id: 'bills', name: 'Bills', section: 'billing', for_admins: 1 })
    await connected({ id: 'triage', name: 'Triage', section: null, agent_id: TRIAGE })
    await signedInTo('bob', { app: 'triage', client: 'https://claude.example/me.json', usedAt: NOW - 9 })
    await connected({ id: 'other', tenant_id: 'globex', name: 'Elsewhere' })

    expect(await appsOfMember(ada, 'bob')).toMatchObject([
      { appId: 'traces', app: 'Traces', section: 'traces', agent: null, allowed: 1, usedAt: NOW - 5, clients: '[]' },
      { appId: 'triage', agent: 'Support Triage', allowed: 1, usedAt: NOW - 9, clients: '["https://claude.example/me.json"]' },
      { appId: 'bills', allowed: 0, usedAt: null, clients: null },
      { appId: 'wiki', section: null, agent: null, allowed: 1, usedAt: null },
    ])
    expect((await appsOfMember(ada, 'ada')).map(({ allowed }) => allowed)).toEqual([1, 1, 1, 1])
    await lacksTraces('bob')
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    expect(await why()).toEqual([
      ['traces', 0, 1, 0],
      ['triage', 0, 0, 1],
      ['bills', 0, 0, 0],
      ['wiki', 1, 0, 0],
    ])
    await run("INSERT INTO section_defaults (tenant_id, section, access) VALUES ('acme', 'agents', 'off')")
    expect((await why())[1]).toEqual(['triage', 0, 1, 1])
  })

  it('ends with one more app than are listed', async () => {
    for (let i = 0; i < MEMBER_APPS + 5; i++) await connected({ id: `app-${i}` })
    expect(await appsOfMember(ada, 'bob')).toHaveLength(MEMBER_APPS + 1)
  })
})

describe('an admin who signs somebody out of an app', () => {
  it('ends it in every session and offline, for nobody else, and is in the log', async () => {
    await usesTraces('bob')
    await signedInTo('ada', { app: 'traces' })
    await connected({ id: 'wiki', section: null })
    await signedInTo('bob', { app: 'wiki' })
    expect(await signOutOfApp(ada, { memberId: 'bob', appId: 'traces' })).toMatchObject({ app: 'Traces', member: { id: 'bob' } })

    expect(await live()).toEqual([
      { member: 'ada', app: 'traces', client: '' },
      { member: 'bob', app: 'wiki', client: '' },
    ])
    expect(await kinds()).toEqual([{ kind: 'app_signed_out', member: 'bob', after: '{"app":"Traces"}' }])
    expect(await all('SELECT member_id FROM app_consents')).toEqual([{ member_id: 'bob' }])
  })

  it('changes nothing where they are not signed in, and of another workspace', async () => {
    await usesTraces('bob')
    await run('UPDATE app_grants SET ended_at = 1')
    const cat = await actNamed('cat')
    const before = await dump()
    expect(await signOutOfApp(ada, { memberId: 'bob', appId: 'traces' })).toMatchObject({ app: 'Traces' })
    expect(await signOutOfApp(ada, { memberId: 'cat', appId: 'traces' })).toEqual({ reason: 'unknown' })
    expect(await signOutOfApp(ada, { memberId: 'bob', appId: 'nothing' })).toEqual({ reason: 'no_app' })
    expect(await signOutOfApp(cat, { memberId: 'bob', appId: 'traces' })).toEqual({ reason: 'unknown' })
    expect(await dump()).toEqual(before)
  })
})

describe('a person', () => {
  const bob = async () => personActOf(await viewerNamed('bob'), NOW)
  const visitor = async () => {
    const session = await newSession()
    await insertSession(session, 'user-bob')
    return { db: ada.db, secretHash: session.secretHash, now: NOW }
  }

  it('sees what they are signed in to and have agreed to, in every workspace that is open', async () => {
    await usesTraces('bob', NOW - 5)
    await signedInTo('bob', { app: 'traces', client: 'https://claude.example/me.json', usedAt: NOW - 9 })
    await connected({ id: 'other', tenant_id: 'globex', name: 'Elsewhere' })
    await run(
      "INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at) SELECT 'bob-globex', 'globex', id, email, email_key, 'user', 'active', 'all', 1, 1 FROM users WHERE id = 'user-bob'",
    )
    await run(
      "INSERT INTO app_consents (member_id, app_id, scope, at) VALUES ('bob-globex', 'other', 'openid', 7), ('ada', 'traces', 'openid', 9)",
    )
    const at = await visitor()
    expect(await ownAppsOf(at)).toEqual([
      { appId: 'traces', app: 'Traces', client: '', tenantName: 'Acme', usedAt: NOW - 5, agreedAt: 1 },
      {
        appId: 'traces',
        app: 'Traces',
        client: 'https://claude.example/me.json',
        tenantName: 'Acme',
        usedAt: NOW - 9,
        agreedAt: null,
      },
      { appId: 'other', app: 'Elsewhere', client: '', tenantName: 'Globex', usedAt: null, agreedAt: 7 },
    ])
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'globex'")
    expect(await ownAppsOf(at)).toHaveLength(2)
  })

  it('signs out of one of them, and stays agreed', async () => {
    await usesTraces('bob')
    await signedInTo('bob', { app: 'traces', client: 'https://claude.example/me.json' })
    expect(await signOutOfOwnApp(await bob(), { appId: 'traces', client: '' })).toBe('Traces')
    expect(await live()).toEqual([{ member: 'bob', app: 'traces', client: 'https://claude.example/me.json' }])
    expect(await kinds()).toEqual([{ kind: 'app_signed_out', member: 'bob', after: '{"app":"Traces"}' }])
    expect(await all('SELECT app_id FROM app_consents')).toHaveLength(1)
  })

  it('takes consent back, which signs them out', async () => {
    await usesTraces('bob')
    await signedInTo('ada', { app: 'traces' })
    await run("INSERT INTO app_consents (member_id, app_id, scope, at) VALUES ('ada', 'traces', 'openid', 9)")
    expect(await withdrawConsent(await bob(), { appId: 'traces', client: '' })).toBe('Traces')
    expect(await live()).toEqual([{ member: 'ada', app: 'traces', client: '' }])
    expect(await all('SELECT member_id FROM app_consents')).toEqual([{ member_id: 'ada' }])
    expect(await kinds()).toEqual([
      { kind: 'app_consent_withdrawn', member: 'bob', after: '{"app":"Traces"}' },
      { kind: 'app_signed_out', member: 'bob', after: '{"app":"Traces"}' },
    ])
  })

  it('does nothing to an app of a workspace that is not theirs', async () => {
    await usesTraces('ada')
    const cat = personActOf(await viewerNamed('cat'), NOW)
    const before = await dump()
    expect(await signOutOfOwnApp(cat, { appId: 'traces', client: '' })).toBeUndefined()
    expect(await withdrawConsent(cat, { appId: 'traces', client: '' })).toBeUndefined()
    expect(await dump()).toEqual(before)
  })
})
