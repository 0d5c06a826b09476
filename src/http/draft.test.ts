import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { draftInWords } from '../../views/identity/resume-words'
import { readEnv } from '../env'
import { DRAFT_CHARACTERS, DRAFT_MS } from '../limits'
import { kidOf } from '../models/identity/keyring'
import { keepable, openDraft, sealDraft, typedIn } from './draft'

const settings = readEnv(env)
const NOW = Date.now()
const DRAFT = {
  action: '/w/acme/access/invitations',
  page: '/w/acme/access/invitations/new',
  fields: [['email', 'nell@acme.test']] as [string, string][],
}

const sealed = async (draft = DRAFT) => (await sealDraft(settings, 'user-bob', draft, NOW)) ?? ''
const open = async (text: string, userId = 'user-bob', now = NOW) => openDraft(settings, { userId, sealed: text }, now)

function form(fields: [string, string | File][]) {
  const data = new FormData()
  for (const [name, value] of fields) data.append(name, value)
  return data
}

describe('a sealed draft', () => {
  it('says nothing to whoever reads the page', async () => {
    const text = await sealed()

    expect(text).not.toContain('nell')
    expect(JSON.stringify(text.split('.').map((part) => atob(part.replaceAll('-', '+').replaceAll('_', '/'))))).not.toContain(
      'nell',
    )
  })

  it('opens for its person, for an hour', async () => {
    const text = await sealed()

    expect(await open(text)).toEqual(DRAFT)
    expect(DRAFT_MS).toBe(60 * 60_000)
    expect(await open(text, 'user-bob', NOW + DRAFT_MS - 1000)).toEqual(DRAFT)
    expect(await open(text, 'user-bob', NOW + DRAFT_MS)).toBeUndefined()
  })

  it('opens for nobody else', async () => {
    expect(await open(await sealed(), 'user-ada')).toBeUndefined()
  })

  it('that was changed, or is none, is nothing', async () => {
    const text = await sealed()
    const parts = text.split('.')
    const other = (await sealed({ ...DRAFT, action: '/w/globex/leave' })).split('.')

    for (const none of ['', 'a.b.c.d.e', text.slice(0, -2), [...parts.slice(0, 3), other[3], parts[4]].join('.')])
      expect(await open(none), none).toBeUndefined()
  })

  it('opens under an older key of the ring, and not under a key that is gone', async () => {
    const text = await sealed()
    const newer = { kid: kidOf(NOW), startsAt: NOW, key: crypto.getRandomValues(new Uint8Array(32)) }

    expect(
      await openDraft({ ...settings, SESSION_KEYS: [settings.SESSION_KEYS[0], newer] }, { userId: 'user-bob', sealed: text }, NOW),
    ).toEqual(DRAFT)
    expect(await openDraft({ ...settings, SESSION_KEYS: [newer] }, { userId: 'user-bob', sealed: text }, NOW)).toBeUndefined()
  })

  it('that would not fit into the form of the sign-in page is not made', async () => {
    const long = (characters: number) => ({ ...DRAFT, fields: [['note', 'x'.repeat(characters)]] as [string, string][] })

    expect((await sealed(long(40_000))).length).toBeLessThanOrEqual(DRAFT_CHARACTERS)
    expect(await sealed(long(50_000))).toBe('')
  })
})

describe('of a form is kept', () => {
  it('what was typed, with what its page showed', () => {
    const fields = keepable(
      form([
        ['name', 'Acme'],
        ['section', 'traces'],
        ['section', 'logs'],
        ['version', '7'],
        ['shown', 'a:b'],
      ]),
    )

    expect(fields).toEqual([
      ['name', 'Acme'],
      ['section', 'traces'],
      ['section', 'logs'],
      ['version', '7'],
      ['shown', 'a:b'],
    ])
    expect(typedIn({ fields: fields ?? [] })).toEqual([
      ['name', 'Acme'],
      ['section', 'traces'],
      ['section', 'logs'],
    ])
  })

  it('no password, no code and no file', () => {
    const secrets = ['password', 'new_password', 'current', 'code', 'recovery_code', 'token', 'client_secret']

    expect(
      keepable(form([...secrets.map((name): [string, string] => [name, 'x']), ['list', new File(['a'], 'a.csv')]])),
    ).toBeUndefined()
    expect(
      keepable(
        form([
          ['password', 'x'],
          ['name', 'Acme'],
        ]),
      ),
    ).toEqual([['name', 'Acme']])
  })

  it('nothing where nothing was typed', () => {
    expect(keepable(form([]))).toBeUndefined()
    expect(keepable(form([['state', 'active']]))).toBeUndefined()
  })
})

it('what comes back is said in the words of its form', () => {
  const TYPED = [
    ...[
      ['label', 'Course'],
      ['uses', '10'],
      ['approval', 'on'],
      ['preset', 'a-preset'],
      ['kind', 'role_changed'],
    ],
    ...[
      ['format', 'json'],
      ['section', ''],
      ['section', 'mcp-debug'],
      ['agent', 'one'],
      ['agent', 'two'],
    ],
  ] as [string, string][]
  expect(draftInWords(TYPED).map(({ label, text }) => `${label}: ${text}`)).toEqual([
    'Name: Course',
    'How many people may use it: 10',
    'Approval: An admin approves each person',
    'Preset: Selected',
    'Action: Role changed',
    'File: JSON Lines',
    'Sections: MCP Debug',
    'Selected agents: 2',
  ])
})

it('says of a form about many how many they are, and nothing of what only the form needs', () => {
  const fields = [
    ...[
      ['id', '5b0e4a57'],
      ['list', 'status=active'],
    ],
    ...[
      ['member', 'bob'],
      ['member', 'pia'],
      ['people', '2'],
      ['typed', '2'],
    ],
  ] as [string, string][]
  expect(draftInWords(fields)).toEqual([{ label: 'People', text: '2' }])
})
