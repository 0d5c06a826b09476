import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, somebody } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { DAY_MS, MINUTE_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { leaseMails } from '../mail/lease'
import { askFactorReset } from './factor-reset'

let ada: MemberAct
beforeEach(async () => {
  ada = await actNamed('ada')
})

const ask = (id: string, act = ada) => askFactorReset(act, { id })
const kindsOf = async (key: string) =>
  (await all<{ kind: string }>('SELECT kind FROM mails WHERE to_key = ? AND about IS NOT NULL ORDER BY created_at', key)).map(
    ({ kind }) => kind,
  )
const openLinks = () => all("SELECT user_id, purpose, asked_in FROM factor_links WHERE state = 'open'")
const joinsGlobex = (id: string, user: string | null, status: string) =>
  run(
    `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
     SELECT ?, 'globex', ?, email, email_key, 'user', ?, 'all', 1, ? FROM members WHERE id = ?`,
    `${id}-2`,
    user,
    status,
    status === 'pending' ? null : 1,
    id,
  )

describe('an admin who asks for a reset of somebody’s second factor', () => {
  it('has a link emailed where theirs is the only workspace, and the log says so', async () => {
    expect(await ask('bob')).toMatchObject({ member: { id: 'bob' } })

    expect(await openLinks()).toEqual([{ user_id: 'user-bob', purpose: 'lost', asked_in: 'acme' }])
    expect(await one("SELECT expires_at - created_at AS ms FROM factor_links WHERE state = 'open'")).toEqual({ ms: DAY_MS })
    expect(await kindsOf('bob@acme.test')).toEqual(['factor_reset'])
    expect(await all("SELECT actor_id, member_id FROM activity WHERE kind = 'factor_reset_asked'")).toEqual([
      { actor_id: 'ada', member_id: 'bob' },
    ])
  })

  it.each([
    ['active', 'user-bob'],
    ['disabled', 'user-bob'],
    ['pending', null],
  ])('gets no link for somebody who is %s in another, whose open link stays', async (status, user) => {
    await ask('bob')
    await joinsGlobex('bob', user, status)
    await run("UPDATE mails SET created_at = 1 WHERE kind = 'factor_reset'")
    const links = await openLinks()
    expect(await ask('bob')).toMatchObject({ member: { id: 'bob' } })

    expect(await openLinks()).toEqual(links)
    expect(await kindsOf('bob@acme.test')).toEqual(['factor_reset', 'factor_reset_elsewhere'])
  })

  it('gets no link for somebody who has another membership by another address', async () => {
    await joinsGlobex('bob', 'user-bob', 'active')
    await run("UPDATE members SET email = ?1, email_key = ?1 WHERE id = 'bob-2'", 'bob@globex.test')
    await ask('bob')
    expect([await openLinks(), await kindsOf('bob@acme.test')]).toEqual([[], ['factor_reset_elsewhere']])
  })

  it('writes as many rows whichever it is', async () => {
    const written = async () => {
      const [links] = await all<{ n: number }>('SELECT count(*) AS n FROM factor_links')
      return [
        links?.n,
        (await kindsOf('bob@acme.test')).length,
        (await all("SELECT 1 FROM activity WHERE kind = 'factor_reset_asked'")).length,
      ]
    }
    await ask('bob')
    expect(await written()).toEqual([1, 1, 1])
    await joinsGlobex('bob', 'user-bob', 'active')
    await run("UPDATE mails SET created_at = 1 WHERE kind = 'factor_reset'")
    await ask('bob')
    expect(await written()).toEqual([2, 2, 2])
    // An admin sees the emails of their workspace.
    expect(await all("SELECT DISTINCT tenant_id, member_id FROM mails WHERE kind GLOB 'factor_reset*'")).toEqual([
      { tenant_id: null, member_id: null },
    ])
  })

  it('has the person of a disabled membership emailed a link, and whoever has no account the words that there is nothing to reset', async () => {
    await ask('dov')
    expect(await openLinks()).toEqual([{ user_id: 'user-dov', purpose: 'lost', asked_in: 'acme' }])

    const asked = await ask('pia')
    const [mail] = 'mailId' in asked ? await leaseMails(somebody(), [asked.mailId]) : []
    expect(mail?.letter).toMatchObject({ kind: 'factor_reset_elsewhere', workspace: 'Acme', hasAccount: false })
  })

  it('has whoever is invited and has an account already emailed a link', async () => {
    await run("INSERT INTO users (id, email, email_key, created_at, proved_at) VALUES ('user-pia', ?1, ?1, 1, 1)", 'pia@acme.test')
    await ask('pia')
    expect(await openLinks()).toEqual([{ user_id: 'user-pia', purpose: 'lost', asked_in: 'acme' }])
    expect(await kindsOf('pia@acme.test')).toEqual(['factor_reset'])
  })

  it('has it emailed to the address of the account as its person wrote it, and not once it is no news', async () => {
    await run("UPDATE users SET email = 'Bob@acme.test' WHERE id = 'user-bob'")
    await joinsGlobex('bob', 'user-bob', 'active')
    const asked = await ask('bob')
    const leased = async (now: number) => ('mailId' in asked ? await leaseMails(somebody(now), [asked.mailId]) : [])

    expect(await leased(ada.now + 3 * DAY_MS - 1)).toMatchObject([{ to: 'Bob@acme.test' }])
    await run('UPDATE mails SET leased_until = 0')
    expect((await leased(ada.now + 3 * DAY_MS)).map(({ letter }) => letter)).toEqual([undefined])
  })

  it('has nobody emailed who complained and has no account, and whoever has one all the same', async () => {
    for (const name of ['pia', 'bob'])
      await run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES (?, '', 'complained', 1)", `${name}@acme.test`)
    await joinsGlobex('bob', 'user-bob', 'active')
    const [pias, bobs] = [await ask('pia'), await ask('bob')]
    const letters = await Promise.all(
      [pias, bobs].map(async (asked) => ('mailId' in asked ? await leaseMails(somebody(), [asked.mailId]) : [])),
    )

    expect(letters.map(([mail]) => mail?.letter?.kind)).toEqual([undefined, 'factor_reset_elsewhere'])
  })

  it('reads the same answer more often than emails go out: one a minute and five a day, whoever asks', async () => {
    const at = (now: number) => ask('bob', { ...ada, now })
    const start = ada.now
    for (const since of [0, MINUTE_MS - 1, MINUTE_MS, 2 * MINUTE_MS, 3 * MINUTE_MS, 4 * MINUTE_MS, 5 * MINUTE_MS])
      expect([await at(start + since), await openLinks()]).toMatchObject([{ member: { id: 'bob' } }, [{ user_id: 'user-bob' }]])
    expect(await kindsOf('bob@acme.test')).toHaveLength(5)
    await at(start + DAY_MS)
    expect(await kindsOf('bob@acme.test')).toHaveLength(6)
    expect(await openLinks()).toHaveLength(1)
  })

  it('of one workspace is limited by what another asked for', async () => {
    await joinsGlobex('bob', 'user-bob', 'active')
    await ask('bob-2', await actNamed('cat'))
    await ask('bob')
    expect(await kindsOf('bob@acme.test')).toHaveLength(1)
  })

  it('does nothing to somebody who is no longer what the page showed, nor to anybody elsewhere', async () => {
    expect(await askFactorReset(ada, { id: 'bob', state: 'disabled' })).toMatchObject({ reason: 'stale' })
    expect(await ask('cat')).toEqual({ reason: 'unknown' })
    expect(await one("SELECT count(*) AS n FROM mails WHERE kind GLOB 'factor_*'")).toEqual({ n: 0 })
  })
})
