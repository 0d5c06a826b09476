import { describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { dump, run } from '../../../test/database'

const PATH = '/w/acme/access/invitations'

describe('an admin who may not invite any more', () => {
  const limited = async (limit: string) => {
    const ada = new Client({ [limit]: '1' } as object)
    ada.cookies.set('__Host-session', (await signedIn('ada')).cookies.get('__Host-session') ?? '')
    return ada
  }
  const INVITATION = { email: 'nell@acme.test', role: 'user', note: 'See you <soon>' }

  it('today is told when there is room again, to the second, and keeps the draft', async () => {
    const ada = await limited('MAX_MAILS_A_DAY')
    await run('UPDATE mails SET created_at = ?', Date.now() - 23 * 3_600_000)
    const before = await dump()
    const answer = await ada.post(PATH, INVITATION)

    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(3590)
    expect(Number(answer.headers.get('Retry-After'))).toBeLessThanOrEqual(3600)
    const html = await answer.text()
    expect(html).toContain('This workspace has sent all the email it may send in a day. You can try again in 1 hour.')
    for (const draft of ['value="nell@acme.test"', 'See you &lt;soon&gt;']) expect(html).toContain(draft)
    expect(await dump()).toEqual(before)
  })

  it('because too many wait is not told to try again, which would not help', async () => {
    const ada = await limited('MAX_PENDING')
    const before = await dump()
    const answer = await ada.post(PATH, INVITATION)

    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([422, null])
    const html = await answer.text()
    expect(html).toContain('Too many invitations are waiting already. Cancel some, or wait until people accept.')
    expect(html).not.toContain('try again')
    expect(await dump()).toEqual(before)
  })
})

describe('an agent that was ticked and has been deleted since', () => {
  const FIELDS = { email: 'nell@acme.test', role: 'user', note: 'Hello Nell', agent_mode: 'list' }
  const ticked = ['agent-support-triage', 'agent-release-notes']

  it('is named at the list of agents, and the draft is kept', async () => {
    const ada = await signedIn('ada')
    await run("DELETE FROM agents WHERE id = 'agent-support-triage'")
    const before = await dump()
    const answer = await ada.post(PATH, { ...FIELDS, agent: ticked })

    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toMatch(
      /<legend>Agents<\/legend><p class="error" id="agents-error">.*An agent that you ticked does not exist any more/,
    )
    for (const draft of ['value="nell@acme.test"', 'Hello Nell</textarea>', 'value="agent-release-notes" checked'])
      expect(html).toContain(draft)
    expect(await dump()).toEqual(before)
    expect((await ada.post(PATH, { ...FIELDS, agent: 'agent-release-notes' })).status).toBe(303)
  })

  it('is said on top to who invites a Tenant Admin, whose agents are out of sight', async () => {
    const html = await (await (await signedIn('ada')).post(PATH, { ...FIELDS, role: 'admin', agent: 'agent-gone' })).text()

    expect(html).toMatch(/<div class="callout bad".*An agent that you ticked/)
    expect(html).not.toContain('agents-error')
  })

  it('reads like one of another workspace', async () => {
    const ada = await signedIn('ada')
    const answers = []
    for (const agent of ['agent-route-planner', 'agent-unknown']) answers.push(await ada.post(PATH, { ...FIELDS, agent }))

    expect(answers.map(({ status }) => status)).toEqual([422, 422])
    expect(await answers[0]?.text()).toBe(await answers[1]?.text())
  })
})

describe('the preview', () => {
  it('is asked for by role, sections and agents alone, so that no URL carries an address or a note', async () => {
    const html = await (await (await signedIn('ada')).get('/w/acme/access/invitations/new')).text()
    const [asking = ''] =
      html.match(/<div class="form" hx-get="\/w\/acme\/access\/invitations\/new" hx-include="this".*?<label for="note">/s) ?? []

    expect(html.match(/hx-get/g)).toHaveLength(1)
    expect([...new Set([...asking.matchAll(/ name="(\w+)"/g)].map(([, name]) => name))]).toEqual([
      'role',
      'section',
      'agent_mode',
      'agent',
    ])
    expect(html).not.toContain('formmethod')
  })

  it('reads neither from a URL', async () => {
    const html = await (
      await (await signedIn('ada')).get('/w/acme/access/invitations/new?email=nell%40acme.test&note=Hello')
    ).text()

    expect(html).not.toContain('nell@acme.test')
    expect(html).not.toContain('Hello')
  })

  it('without JavaScript keeps the draft, sends nothing and changes nothing', async () => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post(PATH, { email: 'nell@acme.test', role: 'admin', note: 'Hello', preview: 'on' })

    expect([answer.status, ada.posted]).toEqual([200, []])
    const html = await answer.text()
    for (const words of ['value="nell@acme.test"', 'Hello</textarea>', 'name="role" value="admin" checked'])
      expect(html).toContain(words)
    expect(html.split('class="preview"')[1]).toContain('Billing')
    expect(await dump()).toEqual(before)
  })
})

describe('an address that is here already', () => {
  it.each([
    ['BOB@acme.test', 'bob'],
    ['pia@ACME.test', 'pia'],
    ['dov@acme.test', 'dov'],
  ])('%s is refused beside the field, with the way to the member, and changes nothing', async (email, id) => {
    const ada = await signedIn('ada')
    const before = await dump()
    const answer = await ada.post(PATH, { email, role: 'user' })

    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain(`value="${email}"`)
    expect(html).toContain(`href="/w/acme/access/users/${id}"`)
    expect(ada.posted).toEqual([])
    expect(await dump()).toEqual(before)
  })
})

it.each([
  ['no address', { email: 'nell', role: 'user' }],
  ['too long a note', { email: 'nell@acme.test', role: 'user', note: 'x'.repeat(501) }],
])('%s is refused with the draft kept', async (_, fields) => {
  const ada = await signedIn('ada')
  const before = await dump()
  const answer = await ada.post(PATH, fields)

  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain(`value="${fields.email}"`)
  expect(await dump()).toEqual(before)
})

it.each([{ role: 'owner' }, { role: 'user', section: 'billing' }, { role: 'user', agent_mode: 'some' }])(
  'a value outside its list is malformed: %o',
  async (fields) => {
    const ada = await signedIn('ada')
    const before = await dump()

    expect((await ada.post(PATH, { email: 'nell@acme.test', ...fields })).status).toBe(400)
    expect(await dump()).toEqual(before)
  },
)
