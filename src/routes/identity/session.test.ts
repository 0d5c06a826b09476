import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, one, run } from '../../../test/database'
import { PASS_PHRASE } from '../../dev/seed'
import * as password from '../../models/identity/password'

const verify = vi.spyOn(password, 'verifyPassword')
const hash = vi.spyOn(password, 'hashPassword')

afterAll(() => vi.restoreAllMocks())

beforeEach(() => {
  verify.mockReset()
  hash.mockReset()
})

describe('a session', () => {
  const home = async (client: Client) => (await client.get('/w/acme/agents')).status

  it('is over after signing out, also for whoever copied its cookie', async () => {
    const bob = await signedIn('bob')
    const thief = new Client()
    thief.cookies.set('__Host-session', bob.cookies.get('__Host-session') ?? '')
    expect(await home(thief)).toBe(200)
    const answer = await bob.post('/logout')

    expect(answer.headers.get('Location')).toBe('/login')
    expect(answer.headers.get('Clear-Site-Data')).toBe('"cache", "storage"')
    expect(bob.cookies.has('__Host-session')).toBe(false)
    expect(await home(thief)).toBe(303)
  })

  it('is over after a change of password, but for the one that changed it', async () => {
    verify.mockResolvedValue({ ok: true, stale: false })
    hash.mockResolvedValue('$scrypt$new')
    const [here, there, thief] = [await signedIn('bob'), await signedIn('bob'), new Client()]
    thief.cookies.set('__Host-session', here.cookies.get('__Host-session') ?? '')
    await here.post('/account/password', { current: PASS_PHRASE, password: 'plum teapot orbit canyon' })

    expect([await home(here), await home(there), await home(thief)]).toEqual([200, 303, 303])
  })

  it('opens the workspace to nobody who is disabled, from the very next request', async () => {
    const bob = await signedIn('bob')
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")

    expect([await home(bob), (await bob.get('/workspaces')).status]).toEqual([404, 200])
  })

  it('opens no workspace that its person does not belong to', async () => {
    expect((await (await signedIn('bob')).get('/w/globex/agents')).status).toBe(404)
  })

  it('of somebody else cannot be ended', async () => {
    await signedIn('cat')
    const cat = await one<{ id: string }>("SELECT id FROM sessions WHERE user_id = 'user-cat'")
    const bob = await signedIn('bob')
    const before = await dump()

    expect((await bob.post(`/account/sessions/${cat?.id}/end`)).status).toBe(404)
    expect(await dump()).toEqual(before)
  })
})

describe('signing in over a session', () => {
  const sessions = () => all<{ user_id: string }>('SELECT user_id FROM sessions ORDER BY user_id')
  beforeEach(() => verify.mockResolvedValue({ ok: true, stale: false }))

  it('ends it, so that its cookie opens nothing for whoever copied it', async () => {
    const [bob, thief] = [await signedIn('bob'), new Client()]
    thief.cookies.set('__Host-session', bob.cookies.get('__Host-session') ?? '')
    await bob.post('/login', { email: 'ada@acme.test', password: PASS_PHRASE })

    expect(await sessions()).toEqual([{ user_id: 'user-ada' }])
    expect((await thief.get('/w/acme/agents')).status).toBe(303)
    expect((await bob.get('/w/acme/access/users')).status).toBe(200)
  })

  it('leaves a person the ten that were used last', async () => {
    for (let i = 0; i < 12; i++) await new Client().post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })

    expect(await sessions()).toHaveLength(10)
  })
})
