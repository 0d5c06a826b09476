import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { Hono } from 'hono'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { UnavailableError } from '../src/db/trouble'
import { type AppEnv, readEnv } from '../src/env'
import { showError } from '../src/http/errors'
import { consume } from '../src/mail/deliver'
import type { Letter } from '../src/mail/provider'
import { type Client, signedIn } from './client'
import { counted } from './counted'
import { facts, one } from './database'
import { call, callerOf, getters, PASS_PHRASE, pathOf, posters, routeNamed } from './routes'
import { startOver } from './world'

const NOTHING_CHANGED = 'Nothing was changed'
const UNSURE = 'We cannot tell whether this was saved'

/** As D1 says it, with its prefix and without. */
const LOST = ['D1_ERROR: Network connection lost.', 'D1 DB reset because its code was updated.']
const REFUSED = ['D1_ERROR: D1 DB is overloaded. Too many requests queued.', 'D1 DB is overloaded. Requests queued for too long.']

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
  // Full jitter: no wait at all.
  vi.spyOn(Math, 'random').mockReturnValue(0)
  return () => vi.restoreAllMocks()
})

type Spell = { at?: number; message?: string; times?: number; after?: boolean }

/** Somebody whose round trip `at` fails, and those after it. */
async function troubled(name: string, { at = 1, message = LOST[0], ...spell }: Spell): Promise<Client> {
  return Object.assign(await callerOf(name), { failsAt: at, failure: () => new Error(message), spell })
}

const reading = getters.filter((name) => routeNamed(name).trips > 0)

describe('a page is shown although D1 has a bad moment', () => {
  it.each(reading)('%s', async (name) => {
    const path = await pathOf(name)
    const well = await call(await callerOf(name), name, { path })
    const answer = await call(await troubled(name, { times: 3 }), name, { path })

    expect([answer.status, answer.headers.get('Location')]).toEqual([well.status, well.headers.get('Location')])
  })

  it.each([...LOST, ...REFUSED])('after "%s"', async (message) => {
    const name = 'GET /w/:workspace/access/users'
    expect((await call(await troubled(name, { message }), name)).status).toBe(200)
  })
})

it('a page that cannot be read says so and leads to itself, and says nothing against what a form before it has changed', async () => {
  const ada = await signedIn('ada')
  const back = (await ada.post('/w/acme/access/users/bob/disable')).headers.get('Location') ?? ''
  Object.assign(ada, { failsAt: 1, failure: () => new Error(LOST[0]), spell: { times: 9 } })
  const answer = await ada.get(back)
  const page = await answer.text()

  expect(answer.status).toBe(503)
  expect(page).toContain('Bob Okafor is disabled')
  expect(page).not.toContain(NOTHING_CHANGED)
  expect(page).toContain(`href="${back.replaceAll('&', '&amp;')}">Try again</a>`)
  expect(page).toMatch(/Request ID: [\w-]{8,}/)
})

type Outcome = Awaited<ReturnType<typeof outcomeOf>>

/** What a form was answered, and whether anything has changed by it. */
async function outcomeOf(name: string, spell: Spell) {
  const path = await pathOf(name)
  const client = await troubled(name, spell)
  const before = await facts()
  const answer = await call(client, name, { path })
  const changed = JSON.stringify(await facts()) !== JSON.stringify(before)
  return { status: answer.status, page: await answer.text(), changed, reached: client.roundTrips >= (spell.at ?? 1) }
}

describe('no page claims more than is known of a change:', () => {
  const SPELLS: Spell[] = [1, 2].flatMap((at) => [{ at }, { at, after: true }, { at, message: REFUSED[0] ?? '', times: 9 }])

  it.each(posters.filter((name) => routeNamed(name).trips > 0))('%s', async (name) => {
    for (const spell of SPELLS) {
      const outcome = await outcomeOf(name, spell)
      if (outcome.changed) await startOver()
      if (outcome.reached) expectTruth(outcome, spell)
    }
  })

  function expectTruth({ status, page, changed }: Outcome, spell: Spell) {
    const about = JSON.stringify(spell)
    if (changed) expect(page, about).not.toContain(NOTHING_CHANGED)
    if (spell.message) expect(page, about).not.toContain(UNSURE)
    if (status >= 400) expect(status, about).toBe(503)
  }
})

describe('a change whose answer was lost', () => {
  const DISABLE = 'POST /w/:workspace/access/users/:id/disable'

  it.each([...LOST, 'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.'])(
    'to "%s" is not known to be saved, whether it was or not',
    async (message) => {
      for (const after of [false, true]) {
        const { status, page, changed } = await outcomeOf(DISABLE, { at: 2, message, after })

        expect([status, changed]).toEqual([503, after])
        expect(page).toContain(UNSURE)
        expect(page).toContain('Reload before you try again.')
        expect(page).toContain('>Go to the home page</a>')
        expect(page).toContain(`<title>${UNSURE} · Latchkey</title>`)
      }
    },
  )

  it.each(REFUSED)('to nothing, since "%s" says that it never ran, is known not to be', async (message) => {
    const { status, page, changed } = await outcomeOf(DISABLE, { at: 2, message })

    expect([status, changed]).toEqual([503, false])
    expect(page).toContain(NOTHING_CHANGED)
  })

  it('is made all the same where only the reads before it failed', async () => {
    const { status, changed } = await outcomeOf(DISABLE, { times: 3 })

    expect([status, changed]).toEqual([303, true])
  })
})

it('somebody signs in although what is read for it fails first', async () => {
  const client = await troubled('POST /login', { times: 2 })
  const answer = await client.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })
  const page = await answer.text()

  expect(answer.status === 303 || page.includes(UNSURE)).toBe(true)
})

it('what fails after something was written does not claim that nothing was changed, however the error was wrapped', async () => {
  const trouble = new UnavailableError(false, new Error('D1 DB is overloaded. Too many requests queued.'))
  const app = new Hono<AppEnv>().get('/', () => {
    throw new Error('Failed query', { cause: trouble })
  })
  const partial = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
  const answer = await app.onError(showError).request('/', { headers: partial }, readEnv(bindings))
  const words = await answer.text()

  expect(answer.status).toBe(503)
  expect(words).toContain('Try again in a moment to see how things are now.')
  expect(words).not.toContain(NOTHING_CHANGED)
})

describe('a delivery', () => {
  async function delivered(spell: Required<Pick<Spell, 'at'>> & Spell) {
    const letters: Letter[] = []
    const send = async (letter: Letter) => {
      letters.push(letter)
      return { kind: 'sent', providerId: 'id', requestId: null } as const
    }
    const { at, message = LOST[0], ...rest } = spell
    const env = {
      ...readEnv(bindings),
      DB: counted(bindings.DB, at, () => new Error(message), rest),
      MAIL_PROVIDER: 'local' as const,
    }
    const batch = createMessageBatch('latchkey-mail', [
      { id: 'message-1', timestamp: new Date(), attempts: 1, body: { mailId: 'mail-pia' } },
    ])
    await consume(batch, env, { local: () => ({ send }) })
    const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
    return { sent: letters.length, done: explicitAcks.length === 1, again: retryMessages.length === 1 }
  }
  const mail = () => one("SELECT state, attempts FROM mails WHERE id = 'mail-pia'")

  it('whose lease is lost comes back, and nothing was sent', async () => {
    for (const after of [false, true]) expect(await delivered({ at: 1, after })).toEqual({ sent: 0, done: false, again: true })
    expect(await mail()).toMatchObject({ state: 'queued' })
  })

  it.each([false, true])(
    'whose record is lost (after it was written: %s) is recorded all the same, so that it does not go out again',
    async (after) => {
      expect(await delivered({ at: 2, after, times: 3 })).toEqual({ sent: 1, done: true, again: false })
      expect(await mail()).toEqual({ state: 'sent', attempts: 1 })
      expect(await delivered({ at: 9 })).toEqual({ sent: 0, done: true, again: false })
    },
  )
})
