import { beforeEach, describe, expect, it } from 'vitest'
import { ASKED_AT, asked, lacksTraces, seededAccessRequest } from '../../../test/access-requests'
import { bobAsAdmin, type Client, signedIn } from '../../../test/client'
import { all, facts, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { begin, connected, finish, tool } from '../../../test/tool'
import { startOver } from '../../../test/world'
import { pathsIn } from '../../paths'

const to = pathsIn('acme')
let ada: Client

beforeEach(async () => {
  await startOver()
  ada = await signedIn('ada')
})

const wordsOf = async (answer: Response) =>
  (await answer.text())
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll(' .', '.')
const approve = (by = ada, at = ASKED_AT) =>
  by.post(to.answerAccessRequest('bob', 'traces', 'approve'), { asked: `${at}`, gets: 'section' })

it('whoever asked signs in to the app once an admin has approved, and not before', async () => {
  await connected()
  await lacksTraces('bob')
  const bob = await signedIn('bob')
  const traces = await tool()
  const { path, verifier } = await begin(traces)
  const next = path.replace('authorize', 'continue')
  await bob.post('/oauth/ask', { app: 'traces', next })
  expect(await wordsOf(await ada.get(to.users))).toContain('1 request for access to an app')
  const { at } = (await one<{ at: number }>('SELECT asked_at AS at FROM access_requests')) ?? { at: 0 }
  expect((await bob.get(path)).status).toBe(403)

  const answer = await approve(ada, at)
  expect([answer.status, ada.roundTrips]).toEqual([303, 2])
  expect(ada.posted).toHaveLength(1)
  expect(await wordsOf(await ada.get(answer.headers.get('Location') ?? ''))).toContain(
    'Bob Okafor now has access to Traces. We emailed them.',
  )
  const back = (await bob.get(path)).headers.get('Location') ?? ''
  expect((await finish(traces, back, verifier)).claims()).toMatchObject({ groups: ['role:user', 'section:traces'] })
})

describe('the page', () => {
  it('says who asks for what, and what they would get', async () => {
    await seededAccessRequest()
    await connected({ id: 'triage', name: 'Triage', section: null, agent_id: 'agent-support-triage' })
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    await run("INSERT INTO section_defaults (tenant_id, section, access) VALUES ('acme', 'agents', 'off')")
    await asked('bob', 'triage')
    const words = await wordsOf(await ada.get(to.accessRequests))
    expect(words).toContain('Bob Okafor bob@acme.test Traces Section Traces')
    expect(words).toContain('Bob Okafor bob@acme.test Triage Agent Support Triage and section Agents')
  })

  it('has more than fit on the next one', async () => {
    await seededAccessRequest()
    for (let i = 0; i < 26; i++) {
      await connected({ id: `app-${i}` })
      await asked('bob', `app-${i}`, 'acme', ASKED_AT + i)
    }
    const html = await (await ada.get(to.accessRequests)).text()
    const next = html.match(/id="asking-next" href="([^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(html.match(/<tr id="request-/g)).toHaveLength(25)
    expect((await (await ada.get(next)).text()).match(/<tr id="request-/g)).toHaveLength(2)
  })

  it('is for admins', async () => {
    await seededAccessRequest()
    const [bob, cat] = [await signedIn('bob'), await signedIn('cat')]
    const before = await facts()
    expect([(await bob.get(to.accessRequests)).status, (await approve(bob)).status]).toEqual([403, 403])
    expect([(await cat.get(to.accessRequests)).status, (await approve(cat)).status]).toEqual([404, 404])
    expect(await facts()).toEqual(before)
  })
})

describe('an answer from an older page changes nothing and says what happened', () => {
  const SINCE: [string, string | (() => Promise<unknown>), RegExp][] = [
    [
      'they have it',
      "UPDATE member_sections SET access = 'on' WHERE member_id = 'bob'",
      /Bob Okafor has access to Traces already\. Nothing was changed\./,
    ],
    [
      'they are disabled',
      async () => ada.post(to.changeMember('bob', 'disable')),
      /You disabled Bob Okafor at \d\d:\d\d UTC\. Nothing was changed\./,
    ],
    ['they are deleted', async () => ada.post(to.changeMember('bob', 'delete')), /You deleted Bob Okafor at/],
    ['the app is gone', "DELETE FROM apps WHERE id = 'traces'", /The app that Bob Okafor asked for is no longer connected\./],
    [
      'another admin declined',
      async () => ada.post(to.answerAccessRequest('bob', 'traces', 'decline'), { asked: `${ASKED_AT}`, gets: 'section' }),
      /You declined the request from Bob Okafor at/,
    ],
    ['they asked anew', 'UPDATE access_requests SET asked_at = asked_at + 1', /Bob Okafor asked again in the meantime\./],
  ]
  it.each(SINCE)('once %s', async (_, happens, words) => {
    await seededAccessRequest()
    await (typeof happens === 'string' ? run(happens) : happens())
    const before = await facts()
    const answer = await approve()
    expect(answer.status).toBe(409)
    expect(await wordsOf(answer)).toMatch(words)
    const { visits: _v, sessions: _s, ...had } = before
    const { visits: _w, sessions: _t, ...now } = await facts()
    expect(now).toEqual(had)
  })

  it('and names the other admin', async () => {
    await seededAccessRequest()
    await run("UPDATE users SET name = 'Cat Lindqvist' WHERE id = 'user-cat'")
    await run(
      "INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at) SELECT 'cat-acme', 'acme', id, email, email_key, 'admin', 'active', 'all', 1, 1 FROM users WHERE id = 'user-cat'",
    )
    await approve(await signedIn('cat', 'acme'))
    expect(await wordsOf(await approve())).toMatch(/Cat Lindqvist approved the request from Bob Okafor at/)
    expect(await all("SELECT kind FROM mails WHERE kind LIKE 'access%'")).toHaveLength(1)
  })
})

it('nobody is given more than the page said that they would get', async () => {
  await connected({ id: 'triage', name: 'Triage', section: null, agent_id: 'agent-support-triage' })
  await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
  await asked('bob', 'triage')
  const shown = formIn(await (await ada.get(to.accessRequests)).text(), to.answerAccessRequest('bob', 'triage', 'approve'))
  await run("INSERT INTO member_sections (tenant_id, member_id, section, access, at) VALUES ('acme', 'bob', 'agents', 'off', 1)")
  const answer = await ada.post(to.answerAccessRequest('bob', 'triage', 'approve'), shown)
  expect([answer.status, await wordsOf(answer)]).toEqual([
    409,
    expect.stringContaining('What Bob Okafor would get has changed in the meantime. Nothing was changed.'),
  ])
  expect(await all("SELECT access FROM member_sections WHERE section = 'agents'")).toEqual([{ access: 'off' }])
})

it('a form that does not say which request it answers is not understood', async () => {
  await seededAccessRequest()
  for (const asked of ['', 'yesterday', '-1'])
    expect((await ada.post(to.answerAccessRequest('bob', 'traces', 'approve'), { asked, gets: 'section' })).status).toBe(400)
})

it('an admin who asked and became one waits for nothing', async () => {
  await seededAccessRequest()
  await bobAsAdmin()
  expect(await wordsOf(await ada.get(to.accessRequests))).toContain('No one is asking for access')
})
