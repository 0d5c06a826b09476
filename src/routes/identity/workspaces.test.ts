import { describe, expect, it } from 'vitest'
import { actNamed, invitee } from '../../../test/cast'
import { type Client, signedIn } from '../../../test/client'
import { run } from '../../../test/database'

const pageOf = async (client: Client) => (await client.get('/workspaces')).text()
const words = (page: string) => page.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

const also = (id: string, tenant: string, status: string) => {
  const columns = 'user_id, email, email_key, role, agent_mode, created_at, joined_at'
  return run(
    `INSERT INTO members (id, tenant_id, status, ${columns}) SELECT '${id}', '${tenant}', '${status}', ${columns} FROM members WHERE id = 'bob'`,
  )
}

describe('the page of a person’s workspaces', () => {
  it('shows each membership as it is, with a link where it is open', async () => {
    await run("INSERT INTO tenants (id, name, suspended_at, created_at) VALUES ('initech', 'Initech', 1, 1)")
    await also('bob-2', 'globex', 'disabled')
    await also('bob-3', 'initech', 'active')
    const bob = await signedIn('bob')
    const page = await pageOf(bob)

    expect(bob.roundTrips).toBe(1)
    expect(page).toContain('href="/w/acme"')
    for (const closed of ['href="/w/globex"', 'href="/w/initech"', 'action="/w/globex/leave"']) expect(page).not.toContain(closed)
    for (const name of ['Acme', 'Globex', 'Initech', 'An admin of this workspace disabled you.', 'This workspace is suspended.'])
      expect(words(page)).toContain(name)
  })

  it('shows nobody else’s', async () => {
    expect(words(await pageOf(await signedIn('bob')))).not.toContain('Globex')
  })

  it('asks before it lets somebody leave, and lets only an admin choose notices', async () => {
    const [bob, ada] = [await pageOf(await signedIn('bob')), await pageOf(await signedIn('ada'))]

    for (const page of [bob, ada]) expect(words(page)).toContain('Leave Acme?')
    expect(ada).toContain('action="/w/acme/notices"')
    expect(bob).not.toContain('name="notices"')
  })
})

describe('an invitation that waits', () => {
  const invited = async () => invitee(await actNamed('cat'), 'bob@acme.test')

  it('is shown with its workspace, who invited, and what to do, but not its link', async () => {
    const { jti, memberId } = await invited()
    const page = await pageOf(await signedIn('bob'))

    expect(words(page)).toContain('To join, open the link in your email.')
    expect(words(page)).toMatch(/Globex Invited by Cat Lindqvist, expires in 3 days/)
    for (const secret of [jti, memberId, '/w/globex']) expect(page).not.toContain(secret)
  })

  it.each([
    ['the address is not proven', "UPDATE users SET proved_at = NULL WHERE id = 'user-bob'"],
    ['it has expired', 'UPDATE invitations SET created_at = 1, expires_at = 2'],
    ['it was declined', "UPDATE invitations SET state = 'declined', closed_at = 1, write_nonce = lower(hex(randomblob(8)))"],
    ['its workspace is suspended', "UPDATE tenants SET suspended_at = 1 WHERE id = 'globex'"],
  ])('is not shown where %s', async (_, change) => {
    await invited()
    await run(change)

    expect(words(await pageOf(await signedIn('bob')))).not.toContain('Globex')
  })

  it('is shown to nobody else', async () => {
    await invited()

    expect(words(await pageOf(await signedIn('ada')))).not.toContain('Globex')
  })
})
