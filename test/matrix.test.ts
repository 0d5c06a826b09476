import { expect, it } from 'vitest'
import { type Client, signedIn } from './client'
import { facts, linkIn, run } from './database'
import { call, caller, pathOf, routeNamed, routeNames } from './routes'
import { startOver } from './world'

/** Everybody who may come to a route. What a person lacks is taken away before they come, so those two come last. */
const WHO = {
  anonymous: () => caller('anyone'),
  pending: async () => {
    const pia = await caller('anyone')
    await pia.get(await linkIn('pia@acme.test'))
    return pia
  },
  user: () => signedIn('bob'),
  disabled: () => signedIn('dov'),
  admin: () => signedIn('ada'),
  outsider: () => signedIn('cat'),
  withoutAgent: async () => {
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    return signedIn('bob')
  },
  withoutSection: async () => {
    for (const section of ['agents', 'traces'])
      await run(
        "INSERT OR REPLACE INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', ?, 'off')",
        section,
      )
    return signedIn('bob')
  },
} satisfies Record<string, () => Promise<Client>>
type Who = keyof typeof WHO
const EVERYBODY = Object.keys(WHO) as Who[]

type Answer = 'done' | 'sign in' | 403 | 404 | 409 | 410 | 422

const isAdmin = (who: Who) => who === 'admin' || who === 'outsider'
const isNobody = (who: Who) => who === 'anonymous' || who === 'pending'

/** What the table says about the route says what everybody gets. */
function expected(name: string, who: Who): Answer {
  const { by } = routeNamed(name)
  const exception = EXCEPTIONS[name]?.[who]
  if (exception) return exception
  if (by === 'anyone' || by === 'provider' || by === 'monitor') return 'done'
  if (by === 'founder' || by === 'halfway') return 410
  if (by === 'enroller') return byFactorLink(name)
  if (by === 'invitee' || by === 'joiner' || by === 'resetter' || by === 'holder' || by === 'prover') return byLink(name, who)
  if (isNobody(who)) return 'sign in'
  if (routeNamed(name).pattern.startsWith('/w/:workspace') && (who === 'outsider' || who === 'disabled')) return 404
  if (by === 'admin' && !isAdmin(who)) return 403
  return inside(name, who)
}

/** Whoever holds the link may give the password; what comes after it is for the browser in which it was given. */
const byFactorLink = (name: string): Answer => (name.startsWith('GET') ? 410 : name.endsWith('/:link') ? 'done' : 409)

/** A page needs the cookie of its link; a form carries the token, and who holds that may act by it, unless they are signed in as somebody else. */
function byLink(name: string, who: Who): Answer {
  if (name.startsWith('GET')) return routeNamed(name).by === 'invitee' && who === 'pending' ? 'done' : 410
  if (name.endsWith('(joining)')) return isBob(who) ? 'done' : 409
  return /\/(accept|passkey|join|ask)$/.test(name) && !isNobody(who) ? 409 : 'done'
}

const isBob = (who: Who) => who === 'user' || who === 'withoutAgent' || who === 'withoutSection'

/** For somebody with a session whose role will do: is the object theirs, and the section? */
function inside(name: string, who: Who): Answer {
  const { foreign, pattern } = routeNamed(name)
  if (who === 'outsider' && foreign) return 404
  if (who === 'withoutSection' && /^\/w\/:workspace\/(agents|sections)/.test(pattern)) return 403
  if (who === 'withoutAgent' && /^\/w\/:workspace\/agents\/:id/.test(pattern)) return 404
  return 'done'
}

/** The page is of an app or of codes that the person does not have. */
const NOTHING_THERE = { user: 409, withoutAgent: 409, withoutSection: 409, admin: 409, disabled: 409, outsider: 409 } as const

/** Where the answer does not follow from who may come. */
const EXCEPTIONS: Record<string, Partial<Record<Who, Answer>>> = {
  'POST /logout (signed in)': { anonymous: 'done', pending: 'done' },
  'POST /w/:workspace/leave': { admin: 409 },
  'POST /account/sessions/:id/end': { admin: 404, disabled: 404 },
  'POST /account/browsers/:id/forget': { admin: 404, disabled: 404 },
  'POST /account/authenticator-app': { admin: 409, disabled: 409, outsider: 409 },
  'POST /account/authenticator-app (another)': NOTHING_THERE,
  'POST /account/authenticator-app/remove': NOTHING_THERE,
  'POST /account/recovery-codes': NOTHING_THERE,
  'POST /oauth/ask': { disabled: 404, outsider: 404 },
  'POST /oauth/consent': { disabled: 404, outsider: 404 },
  'POST /account/passkeys/:id/name': { admin: 404, disabled: 404 },
  'POST /account/passkeys/:id/remove': { admin: 404, disabled: 404 },
}

it.each(routeNames)('%s answers each as the table says, and where it refuses nothing changes', async (name) => {
  for (const who of EVERYBODY) {
    const client = await WHO[who]()
    const path = await pathOf(name)
    const before = await facts()
    const answer = await call(client, name, { path })
    const after = await facts()

    const wanted = expected(name, who)
    expect(answerOf(answer), who).toBe(wanted)
    if (wanted !== 'done') expect(after, who).toEqual(before)
    if (who === 'outsider' && behindSession(name)) expect(ofAcme(after)).toEqual(ofAcme(before))
    if (typeof routeNamed(name).path === 'function' || JSON.stringify(after) !== JSON.stringify(before)) await startOver()
  }
})

function answerOf({ status, headers }: Response): Answer | number {
  if (status === 401) return 'sign in'
  if (![200, 204, 303].includes(status)) return status
  return /^\/login(\?next=|$)/.test(headers.get('Location') ?? '') && !headers.getSetCookie().length ? 'sign in' : 'done'
}

const behindSession = (name: string) => ['user', 'admin'].includes(routeNamed(name).by)

/** What the other workspace's admin does at home stays there. */
const ofAcme = (rows: Awaited<ReturnType<typeof facts>>) =>
  Object.entries(rows).map(([table, all]) => [table, all.filter(({ tenant_id }) => tenant_id === 'acme')])
