import { afterEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { dump, one, run } from '../../../test/database'
import { formIn } from '../../../test/form'
import { moreAgents } from '../../../test/people'

const PATH = '/w/acme/access/invitations'

afterEach(() => vi.useRealTimers())

describe('an admin who may not invite any more', () => {
  const limited = async (limit: string) => {
    const ada = new Client({ [limit]: '1' } as object)
    ada.cookies.set('__Host-session', (await signedIn('ada')).cookies.get('__Host-session') ?? '')
    return ada
  }
  const INVITATION = { email: 'nell@acme.test', role: 'user', note: 'See you <soon>' }

  it('today is told when there is room again, to the second, and keeps the draft', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const ada = await limited('MAX_MAILS_A_DAY')
    await run("INSERT OR REPLACE INTO mail_days (tenant_id, sent, resets_at) VALUES ('acme', 1, ?)", Date.now() + 3_600_000)
    const before = await dump()
    const answer = await ada.post(PATH, INVITATION)

    expect(answer.status).toBe(429)
    expect(answer.headers.get('Retry-After')).toBe('3600')
    const html = await answer.text()
    expect(html).toContain('This workspace has reached its email limit for a day. You can try again in 1 hour.')
    for (const draft of ['value="nell@acme.test"', 'See you &lt;soon&gt;']) expect(html).toContain(draft)
    expect(await dump()).toEqual(before)
  })

  it('because too many wait is not told to try again, which would not help', async () => {
    const ada = await limited('MAX_PENDING')
    const before = await dump()
    const answer = await ada.post(PATH, INVITATION)

    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([422, null])
    const html = await answer.text()
    expect(html).toContain('Too many invitations are pending. Cancel some, or wait until people accept.')
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
    expect(html).toMatch(/<legend>Agents<\/legend><p class="error" id="agents-error">.*An agent you selected was deleted/)
    for (const draft of ['value="nell@acme.test"', 'Hello Nell</textarea>', 'value="agent-release-notes" checked'])
      expect(html).toContain(draft)
    expect(await dump()).toEqual(before)
    expect((await ada.post(PATH, { ...FIELDS, agent: 'agent-release-notes' })).status).toBe(303)
  })

  it('is said on top to who invites a Tenant Admin, whose agents are out of sight', async () => {
    const html = await (await (await signedIn('ada')).post(PATH, { ...FIELDS, role: 'admin', agent: 'agent-gone' })).text()

    expect(html).toMatch(/<div class="callout bad".*An agent you selected/)
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
  it('is asked for by a post, so that no URL carries anything of a draft', async () => {
    const html = await (await (await signedIn('ada')).get('/w/acme/access/invitations/new')).text()

    expect(html).toContain(
      'hx-post="/w/acme/access/invitations" hx-vals="{&quot;preview&quot;:&quot;on&quot;}" hx-trigger="change"',
    )
    for (const other of ['hx-get', 'formmethod']) expect(html).not.toContain(other)
  })

  it('reads nothing of a draft from a URL', async () => {
    const page = '/w/acme/access/invitations/new'
    const ada = await signedIn('ada')
    const html = await (await ada.get(page)).text()

    expect(await (await ada.get(`${page}?email=nell%40acme.test&note=Hello&role=admin&section=logs&agent_mode=list`)).text()).toBe(
      html,
    )
  })

  it('shows nothing of another workspace, whatever is ticked', async () => {
    const agent = ['agent-route-planner', 'agent-support-triage']
    const answer = await (await signedIn('ada')).post(PATH, { email: '', role: 'user', agent_mode: 'list', agent, preview: 'on' })
    const preview = (await answer.text()).split('class="preview"')[1]

    expect(preview).toContain('Support Triage')
    expect(preview).not.toContain('Route Planner')
  })

  it('shows a handful of agents, says how many more, and which are offline', async () => {
    await run("DELETE FROM agents WHERE tenant_id = 'acme'")
    await moreAgents(29)
    await run("UPDATE agents SET live = 0 WHERE id = 'agent-0001'")
    const html = await (await (await signedIn('ada')).get('/w/acme/access/invitations/new')).text()
    const preview = html.split('class="preview"')[1] ?? ''

    expect(preview.match(/data-agent/g)).toHaveLength(6)
    expect(preview).toContain('and 23 more')
    expect(preview.match(/Offline/g)).toHaveLength(1)
  })

  it('says that somebody without any section will see nothing', async () => {
    const ada = await signedIn('ada')
    const previewOf = async (section: string[]) =>
      (await ada.post(PATH, { email: '', role: 'user', section, preview: 'on' })).text()

    expect(await previewOf([''])).toContain('This person will see nothing after signing in.')
    expect(await previewOf(['', 'logs'])).not.toContain('will see nothing')
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

describe('Send and invite another', () => {
  const FIELDS = { email: 'nell@acme.test', role: 'user', note: 'Hello Nell', agent_mode: 'list', another: 'on' }
  const agents = ['agent-release-notes', 'agent-support-triage']

  it('sends, and leads to a form with the same role, access and note and an empty address', async () => {
    const ada = await signedIn('ada')
    const answer = await ada.post(PATH, { ...FIELDS, section: ['', 'agents', 'logs'], agent: agents })
    const location = answer.headers.get('Location') ?? ''
    const html = await (await ada.get(location)).text()

    expect([answer.status, location]).toEqual([303, expect.stringMatching(/^\/w\/acme\/access\/invitations\/new\?like=[\w-]+$/)])
    expect(ada.roundTrips).toBe(1)
    expect(html).toContain('Invitation sent to nell@acme.test.')
    expect(formIn(html, PATH)).toMatchObject({ email: '', role: 'user', note: 'Hello Nell', agent_mode: 'list' })
    expect(formIn(html, PATH)).toMatchObject({ section: ['', 'agents', 'logs'], agent: agents })
    expect(html).toMatch(/<input[^>]* name="email"[^>]* autofocus/)
    expect(html.split('class="preview"')[1]?.match(/data-agent/g)).toHaveLength(2)
  })

  it('after one to an admin starts with an admin', async () => {
    const html = await (
      await (await signedIn('ada')).submit(PATH, { email: 'nell@acme.test', role: 'admin', another: 'on' })
    ).text()

    expect(formIn(html, PATH)).toMatchObject({ email: '', role: 'admin' })
  })

  it('keeps the draft of a refused one', async () => {
    const answer = await (await signedIn('ada')).post(PATH, { ...FIELDS, email: 'bob@acme.test', agent: agents })

    expect(answer.status).toBe(422)
    expect(formIn(await answer.text(), PATH)).toMatchObject({ email: 'bob@acme.test', note: 'Hello Nell', agent: agents })
  })

  it.each(['bob', 'cat', 'nobody'])('like %s, who waits for nothing here, leads to the plain form', async (id) => {
    const answer = await (await signedIn('ada')).get(`/w/acme/access/invitations/new?like=${id}`)

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/w/acme/access/invitations/new'])
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

it.each([
  ['pia', 'This address has already been invited.', 'resend', 'pending'],
  ['dov', 'This person is disabled in this workspace.', 'enable', 'disabled'],
])('the address of %s is refused with what helps: %s', async (id, words, change, state) => {
  const ada = await signedIn('ada')
  const answer = await ada.post(PATH, { email: `${id}@acme.test`, role: 'user' })
  const html = await answer.text()
  const action = `/w/acme/access/users/${id}/${change}`

  expect([answer.status, html.includes(words), html.includes(`href="/w/acme/access/users/${id}"`)]).toEqual([422, true, true])
  expect(html).toContain('form="already"')
  expect(formIn(html, action)).toMatchObject({ state })
  if (change === 'enable') expect((await ada.post(action, formIn(html, action))).status).toBe(303)
})

it('nobody invites themself, and reads why', async () => {
  const answer = await (await signedIn('ada')).post(PATH, { email: 'Ada@Acme.test', role: 'user' })
  const html = await answer.text()
  expect([answer.status, html.includes('That is you. You are already in this workspace.')]).toEqual([422, true])
  expect(html).not.toContain('form="already"')
})

describe('a name', () => {
  const NORA = { email: 'nora.new@acme.test', role: 'user' }
  const nameOf = async () =>
    (await one<{ name: string | null }>("SELECT invited_name AS name FROM members WHERE email LIKE 'nora%'"))?.name
  const typedIn = (html: string) =>
    [html.match(/<input[^>]*id="email"[^>]*>/)?.[0], html.match(/<input[^>]*id="name"[^>]*>/)?.[0]].map((field) => valueIn(field))
  const valueIn = (field = '') => field.match(/value="([^"]*)"/)?.[1] ?? ''

  it.each([
    ['typed beside the address', { name: ' Nora\u200b  New ' }, 'Nora New'],
    ['pasted with it', { email: 'Nora New <nora.new@acme.test>' }, 'Nora New'],
    ['pasted last name first', { email: '"New, Nora" <nora.new@acme.test>' }, 'New, Nora'],
    ['typed, beside one that was pasted', { email: 'Nora New <nora.new@acme.test>', name: 'Nora N.' }, 'Nora N.'],
    ['left out', {}, null],
    ['of nothing that can be seen', { name: ' \u2060 ' }, null],
    ['longer than names are', { name: 'n'.repeat(90) }, 'n'.repeat(80)],
  ])('%s is what the person is called', async (_, fields, name) => {
    const ada = await signedIn('ada')
    expect((await ada.post(PATH, { ...NORA, ...fields })).status).toBe(303)
    expect(await nameOf()).toBe(name)
    expect(await (await ada.get('/w/acme/access/users')).text()).toContain(`>${name ?? NORA.email}</a>`)
  })

  it.each(['Win at https://evil.example/x', 'www.evil.example', 'evil.example/win'])(
    'with a web address is refused: %s',
    async (name) => {
      const ada = await signedIn('ada')
      const before = await dump()
      const answer = await ada.post(PATH, { ...NORA, name })
      expect(answer.status).toBe(422)
      expect(await answer.text()).toMatch(/id="name-error">.*A name cannot contain a web address/s)
      expect(await dump()).toEqual(before)
    },
  )

  it('that was pasted is in its field once the form is shown again, and the preview is of that person', async () => {
    const ada = await signedIn('ada')
    const pasted = { ...NORA, email: 'Nora New <nora.new@gmial.com>' }
    for (const fields of [pasted, { ...pasted, preview: 'on' }]) {
      const html = await (await ada.post(PATH, fields)).text()
      expect(typedIn(html)).toEqual(['nora.new@gmial.com', 'Nora New'])
      expect(html).toContain('What Nora New sees')
    }
    const sent = await ada.post(PATH, { ...NORA, email: 'nora.new@gmial.com', asked: 'nora.new@gmial.com', name: 'Nora New' })
    expect([sent.status, await nameOf()]).toEqual([303, 'Nora New'])
  })

  it('is not taken over into the next invitation', async () => {
    const ada = await signedIn('ada')
    const next = await ada.post(PATH, { ...NORA, name: 'Nora New', another: 'on' })
    const html = await (await ada.get(next.headers.get('Location') ?? '')).text()
    expect(typedIn(html)).toEqual(['', ''])
  })
})
