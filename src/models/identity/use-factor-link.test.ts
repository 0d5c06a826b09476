import { beforeEach, describe, expect, it } from 'vitest'
import { IP, somebody, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { insertFactorLink } from '../../../test/factor-link'
import { hasPasskey } from '../../../test/factors'
import { together, tryOften } from '../../../test/race'
import { FACTOR_SET_UP_MS } from '../../limits'
import { randomId, sha256 } from '../core/random'
import { resetPassword } from './password-reset'
import { useFactorLink } from './use-factor-link'

const START = Date.now()
let browser: string
beforeEach(async () => {
  browser = await sha256('a browser')
})

/** Bob has given his password in this browser. */
async function passwordGiven(of = 'bob', held = browser) {
  const id = randomId()
  await run('INSERT INTO sign_ins VALUES (?, ?, ?, 0, ?, ?)', id, `user-${of}`, held, START, START + FACTOR_SET_UP_MS)
  return id
}

type Purpose = 'first' | 'lost'
type How = { signIn?: string; held?: string; now?: number; purpose?: Purpose; id?: string; passkey?: boolean }

async function use(jti: string, { signIn, held = browser, now = START + 1, purpose = 'lost', id = randomId(), passkey }: How = {}) {
  const named = { id, secret: 'of the factor', counter: 7 }
  return useFactorLink(somebody(now), {
    link: { jti, userId: 'user-bob', email: 'bob@acme.test', purpose },
    factor: passkey ? { kind: 'passkey', ...named, name: 'Phone', details: '{}' } : { kind: 'totp', ...named },
    signIn: signIn ?? (await passwordGiven()),
    browser: held,
    from: { ip: IP, userAgent: 'Test' },
    former: undefined,
  })
}

const factorsOf = (user = 'user-bob') =>
  all("SELECT kind, id FROM credentials WHERE user_id = ? AND kind IN ('passkey', 'totp') ORDER BY kind", user)
const codesOf = async () => (await all("SELECT id FROM credentials WHERE user_id = 'user-bob' AND kind = 'recovery'")).length

describe('a link for a lost second factor', () => {
  let jti = ''
  beforeEach(async () => {
    await hasPasskey('bob')
    await run(
      "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('old', 'user-bob', 'recovery', 'x', 1, 1)",
    )
    jti = await insertFactorLink('bob', 'lost')
  })

  it('clears what strangers tried, once it is used', async () => {
    await run("INSERT INTO throttles VALUES ('sign-in:account:bob@acme.test', 7, 0, ?)", START + FACTOR_SET_UP_MS)
    await use(jti, { held: await sha256('another browser'), signIn: await passwordGiven() })
    expect(await all('SELECT hits FROM throttles')).toEqual([{ hits: 7 }])
    await use(jti)
    expect(await all('SELECT hits FROM throttles')).toEqual([])
  })

  it('puts the new one in the place of all that there was, and begins the only session', async () => {
    for (const name of ['bob', 'bob', 'ada'] as const) await viewerNamed(name)
    await run("INSERT INTO known_browsers VALUES ('user-bob', 'old', ?, '', '', 1, 1)", await sha256('an old browser'))
    const done = await use(jti, { id: 'new' })

    expect(await factorsOf()).toEqual([{ kind: 'totp', id: 'new' }])
    expect(done?.codes).toHaveLength(10)
    expect([await codesOf(), await one("SELECT factors FROM users WHERE id = 'user-bob'")]).toEqual([10, { factors: 1 }])
    expect(await all("SELECT id, factor, factor_at FROM sessions WHERE user_id = 'user-bob'")).toEqual([
      { id: done?.session.id, factor: 'totp', factor_at: START + 1 },
    ])
    expect(await all("SELECT browser_hash FROM known_browsers WHERE user_id = 'user-bob'")).toEqual([
      { browser_hash: done?.browser.hash },
    ])
    expect(await all("SELECT id FROM sessions WHERE user_id = 'user-ada'")).toHaveLength(1)
    expect(await all('SELECT id FROM sign_ins')).toEqual([])
  })

  it('that is a passkey is told by its name', async () => {
    await use(jti, { passkey: true })
    expect(await all("SELECT about ->> 'name' AS name FROM mails WHERE kind = 'factor_was_reset'")).toEqual([{ name: 'Phone' }])
  })

  it('leaves its browser known to whoever else uses it', async () => {
    await run("INSERT INTO known_browsers VALUES ('user-ada', 'adas', ?, '', '', 1, 1)", browser)
    const done = await use(jti)
    expect(await all("SELECT browser_hash FROM known_browsers WHERE user_id = 'user-ada'")).toEqual([
      { browser_hash: done?.browser.hash },
    ])
  })

  it('tells the person and their workspaces', async () => {
    await use(jti)
    expect(await all("SELECT kind FROM mails WHERE to_key = 'bob@acme.test' AND about IS NOT NULL")).toEqual([
      { kind: 'factor_was_reset' },
    ])
    expect(
      await all(
        "SELECT kind, tenant_id, after FROM activity WHERE kind IN ('factor_reset', 'factor_added', 'signed_in') AND member_id = 'bob' AND at > ?",
        START,
      ),
    ).toEqual([
      { kind: 'factor_reset', tenant_id: 'acme', after: '{"factor":"totp"}' },
      { kind: 'signed_in', tenant_id: 'acme', after: '{"factor":"totp"}' },
    ])
  })

  it('used twenty times at once is used once, by the one whose factor stands', async () => {
    await run('DELETE FROM factor_links')
    await tryOften(async (attempt) => {
      const link = await insertFactorLink('bob', 'lost')
      const signIns = await Promise.all(Array.from({ length: 20 }, () => passwordGiven()))
      const won = await together((i) => use(link, { signIn: signIns[i] ?? '', id: `app-${attempt}-${i}`, now: Date.now() }))
      const winner = won.findIndex((each) => each !== undefined)

      expect(won.filter((each) => each !== undefined)).toHaveLength(1)
      expect(await factorsOf()).toEqual([{ kind: 'totp', id: `app-${attempt}-${winner}` }])
      expect(await all("SELECT id FROM sessions WHERE user_id = 'user-bob'")).toEqual([{ id: won[winner]?.session.id }])
      expect(await codesOf()).toBe(10)
    })
  })

  const REFUSED: Record<string, (jti: string) => Promise<How>> = {
    'after the password was changed': async () => {
      const signIn = await passwordGiven()
      await run("UPDATE credentials SET secret = 'another', changed_at = 2 WHERE user_id = 'user-bob' AND kind = 'password'")
      return { signIn }
    },
    'after the half hour': async () => ({ signIn: await passwordGiven(), now: START + FACTOR_SET_UP_MS }),
    'in another browser': async () => ({ signIn: await passwordGiven(), held: await sha256('another browser') }),
    'with the password of somebody else': async () => ({ signIn: await passwordGiven('ada') }),
    'with no password': async () => {
      await passwordGiven()
      return { signIn: 'nothing' }
    },
    'after it expired': async (link) => {
      await run('UPDATE factor_links SET created_at = 1, expires_at = ? WHERE jti = ?', START + 1, link)
      return {}
    },
    'after a newer one was emailed': async (link) => {
      await run("UPDATE factor_links SET state = 'superseded', closed_at = 1, write_nonce = 'n' WHERE jti = ?", link)
      await insertFactorLink('bob', 'lost')
      return {}
    },
    'while nobody has proven the address': async () => {
      await run("UPDATE users SET proved_at = NULL WHERE id = 'user-bob'")
      return {}
    },
    'as if it were for a first one': async () => ({ purpose: 'first' }),
    'with a passkey that is somebody’s already': async () => {
      await hasPasskey('ada')
      return { passkey: true, id: 'passkey-ada' }
    },
    'that an admin asked for, after they joined another workspace': async (link) => {
      await run("UPDATE factor_links SET asked_in = 'acme' WHERE jti = ?", link)
      await run(
        `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
         VALUES ('bob-2', 'globex', 'user-bob', 'bob@acme.test', 'bob@acme.test', 'user', 'active', 'all', 1, 1)`,
      )
      return {}
    },
    'that an admin asked for, after they deleted somebody who is in another workspace now': async (link) => {
      await run("UPDATE factor_links SET asked_in = 'acme' WHERE jti = ?", link)
      await run("UPDATE members SET tenant_id = 'globex' WHERE id = 'bob'")
      return {}
    },
  }

  it.each(Object.entries(REFUSED))('%s changes nothing', async (_, prepare) => {
    const how = await prepare(jti)
    const signIn = how.signIn ?? (await passwordGiven())
    const before = await dump()

    expect(await use(jti, { ...how, signIn })).toBeUndefined()
    expect(await dump()).toEqual(before)
  })

  it('whose use fails half-way is as it was', async () => {
    const signIn = await passwordGiven()
    await run("CREATE TRIGGER trouble BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()
    await expect(use(jti, { signIn })).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })

  it('stays while the password is reset, which removes no factor', async () => {
    await run(
      "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES ('r', 'user-bob', ?, 'open', ?, ?)",
      'r'.repeat(43),
      START,
      START + 1000,
    )
    await resetPassword(somebody(START), 'r'.repeat(43), { passwordHash: '$scrypt$new', mailId: 'm' })
    expect(await factorsOf()).toEqual([{ kind: 'passkey', id: 'passkey-bob' }])
    expect(await use(jti, { id: 'new' })).toBeDefined()
  })
})

describe('a link for the first second factor', () => {
  it('adds one, and tells of it as of any', async () => {
    const jti = await insertFactorLink('bob', 'first')
    expect(await use(jti, { purpose: 'first', id: 'new' })).toBeDefined()
    expect(await factorsOf()).toEqual([{ kind: 'totp', id: 'new' }])
    expect(await all("SELECT kind FROM mails WHERE to_key = 'bob@acme.test' AND about IS NOT NULL")).toEqual([
      { kind: 'factor_added' },
    ])
    expect(await all("SELECT member_id FROM activity WHERE kind = 'factor_added'")).toEqual([{ member_id: 'bob' }])
  })

  it('that a newer one took the place of begins no session', async () => {
    const jti = await insertFactorLink('bob', 'first')
    await run("UPDATE factor_links SET state = 'superseded', closed_at = 1, write_nonce = 'n'")
    const signIn = await passwordGiven()
    const before = await dump()
    expect(await use(jti, { purpose: 'first', signIn })).toBeUndefined()
    expect(await dump()).toEqual(before)
  })

  it('is no way around one that they have by now', async () => {
    const jti = await insertFactorLink('bob', 'first')
    await hasPasskey('bob')
    const signIn = await passwordGiven()
    const before = await dump()
    for (const purpose of ['first', 'lost'] as const) expect(await use(jti, { purpose, signIn })).toBeUndefined()
    expect(await dump()).toEqual(before)
  })
})
