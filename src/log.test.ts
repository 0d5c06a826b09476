import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { logged } from '../test/logged'
import { UnsureError } from './db/trouble'
import { log, troubleOf } from './log'

describe('a line', () => {
  it('is one JSON object with the time first, and leaves out what is not known', () => {
    vi.setSystemTime('2026-03-01T09:30:00Z')
    const [line = ''] = logged(() => log({ action: 'POST /login', outcome: 'done', status: 303, actor: undefined }))
    vi.useRealTimers()

    expect(line).toBe('{"at":"2026-03-01T09:30:00.000Z","action":"POST /login","outcome":"done","status":303}')
  })

  it.each(['nell@acme.test', 'a=b', '?q=nell', 'two\nlines', 'x'.repeat(201), '__Host-session=s', '%40', 'Zoë'])(
    'withholds %j',
    (value) =>
      expect(logged(() => log({ action: 'a', outcome: 'done', value }))).toEqual([expect.stringContaining('"(withheld)"')]),
  )

  it.each([
    ['done', 0],
    ['refused', 0],
    ['sent', 0],
    ['retry', 0],
    ['failed', 1],
    ['misconfigured', 1],
    ['dead letter', 1],
    ['incomplete', 1],
  ])('whose outcome is "%s" is written %i times at the error level, for an alert to find', (outcome, times) => {
    const error = vi.spyOn(console, 'error').mockReturnValue()
    const usual = vi.spyOn(console, 'log').mockReturnValue()
    log({ action: 'a', outcome })
    expect([error.mock.calls.length, usual.mock.calls.length]).toEqual([times, 1 - times])
    vi.restoreAllMocks()
  })
})

it('whose outcome is "bypassed" is written at the warn level', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  log({ action: 'a', outcome: 'bypassed' })
  expect(warn).toHaveBeenCalledOnce()
  vi.restoreAllMocks()
})

describe('of an error it says', () => {
  const thrownBy = (statement: string) =>
    env.DB.prepare(statement)
      .run()
      .then(() => undefined, troubleOf)

  it('what D1 says, which is a rule and no value', async () => {
    const twice = "INSERT INTO users (id, email, email_key, created_at) SELECT 'other', email, email_key, 1 FROM users LIMIT 1"
    expect(await thrownBy(twice)).toMatchObject({
      error: 'Error',
      d1: expect.stringMatching(/^D1_ERROR: UNIQUE constraint failed: users.email_key: SQLITE_CONSTRAINT/),
      code: 'SQLITE_CONSTRAINT',
      thrownAt: expect.stringMatching(/^log\.test\.ts:\d+:\d+$/),
    })
  })

  it('what D1 says to whatever an error was caused by', async () => {
    const d1 = new Error('D1_ERROR: Network connection lost.')
    expect(troubleOf(new UnsureError(new Error('Failed query: nell', { cause: d1 })))).toMatchObject({
      error: 'UnsureError',
      cause: 'Error',
      d1: 'D1_ERROR: Network connection lost.',
    })
  })

  it('nothing that D1 quotes', async () => {
    expect((await thrownBy("SELECT 'it''s 'nell secret'"))?.d1).toMatch(/^D1_ERROR: near \(\.\.\.\): syntax error/)
  })

  it('its class and place, and no word of any other message', () => {
    const trouble = troubleOf(new TypeError('nell at secret.ts:1:2', { cause: new RangeError('nell') }))
    expect(trouble).toEqual({ error: 'TypeError', cause: 'RangeError', thrownAt: expect.stringMatching(/^log\.test\.ts:\d+:\d+$/) })
  })

  it('only what it is, when it is no error', () => expect(troubleOf('nell')).toEqual({ error: 'string' }))
})
