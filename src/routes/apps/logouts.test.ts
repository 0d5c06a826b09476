import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, signedIn } from '../../../test/client'
import { dump, one, run } from '../../../test/database'
import { wordsOf } from '../../../test/late'
import { connected } from '../../../test/tool'

const APP = '/w/acme/access/apps/traces'
let ada: Client

beforeEach(async () => {
  ada = await signedIn('ada')
  await connected({ logout_uri: 'https://tool.example/logout' })
})

/** That Bob is signed out, which the app was told, could not be told or has yet to be. */
const out = (id: string, state: string, detail: string | null = null, columns: Record<string, string | number> = {}) => {
  const row = {
    id,
    tenant_id: 'acme',
    app_id: 'traces',
    member_id: 'bob',
    uri: 'https://tool.example/',
    sub: 'sub',
    sid: 'sid',
    state,
    attempts: detail ? 3 : 0,
    due_at: Date.now() + 600_000,
    created_at: Date.now(),
    ...columns,
    ...(detail && { detail }),
    ...(state !== 'waiting' && { done_at: Date.now() }),
  }
  return run(
    `INSERT INTO app_logouts (${Object.keys(row).join()}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join()})`,
    ...Object.values(row),
  )
}
const page = async () => {
  const html = await (await ada.get(APP)).text()
  return { html, words: wordsOf(html.slice(html.indexOf('id="sign-outs"'))) }
}

describe('the page of an app', () => {
  it('says what the tool has been told, and why not', async () => {
    expect((await page()).words).toContain('the tool is told within seconds')
    await out('a', 'sent')
    await out('b', 'waiting')
    await out('c', 'waiting', 'status 503')
    await out('d', 'failed', 'refused 400')
    await out('e', 'failed', 'something that a later version writes')
    await run("UPDATE app_logouts SET member_id = 'gone' WHERE id = 'a'")
    const { words } = await page()
    expect(words).toContain('Someone who has left Just now Told')
    expect(words).toContain('Being told The tool answered 503. Next try in 10 minutes')
    expect(words).toContain('Not told The tool refused it (400).')
    expect(words).toContain('Bob Okafor')
    expect(words.match(/Try again/g)).toHaveLength(2)
  })

  it('shows first what failed, and ten at most', async () => {
    await out('failed', 'failed', 'timeout', { created_at: 1 })
    for (let i = 0; i < 12; i++) await out(`told ${i}`, 'sent')
    const { words } = await page()
    expect([words.match(/Told/g)?.length, words.indexOf('Not told') < words.indexOf('Told')]).toEqual([9, true])
  })

  it('says nothing of it where the tool cannot hear it', async () => {
    await run('UPDATE apps SET logout_uri = NULL')
    const { html } = await page()
    expect(html).not.toContain('id="sign-outs"')
    expect(html.replaceAll(/\s+/g, ' ')).toContain('A tool that refreshes its tokens notices within five minutes')
  })
})

describe('what failed', () => {
  const path = `${APP}/logouts/out/retry`
  beforeEach(() => out('out', 'failed', 'timeout'))

  it('is told again, by the Queue', async () => {
    const answer = await ada.submit(path)
    expect([await one('SELECT state, done_at FROM app_logouts'), await answer.text()]).toEqual([
      { state: 'waiting', done_at: null },
      expect.stringContaining('Traces is being told again.'),
    ])
    expect(ada.wakes).toBe(1)
  })

  it('is told again once: a second press is answered by the page as it is', async () => {
    await ada.post(path)
    const before = await dump()
    const answer = await ada.post(path)
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('This was tried again already.')])
    expect(await dump()).toEqual(before)
  })

  it('of another app or workspace is not found', async () => {
    await connected({ id: 'logs', section: 'logs' })
    await connected({ id: 'globex-app', tenant_id: 'globex' })
    await run("UPDATE app_logouts SET app_id = 'globex-app', tenant_id = 'globex'")
    const before = await dump()
    for (const app of ['logs', 'traces', 'globex-app'])
      expect((await ada.post(`/w/acme/access/apps/${app}/logouts/out/retry`)).status).toBe(404)
    expect(await dump()).toEqual(before)
  })
})
