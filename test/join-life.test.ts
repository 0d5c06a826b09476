import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MemberAct } from '../src/models/core/act'
import { KEEP_ALL } from '../src/models/identity/take-over'
import { approve, decline } from '../src/models/join-links/answer'
import { askToJoin, join } from '../src/models/join-links/joining'
import { turnOff } from '../src/models/join-links/make'
import { requestOf } from '../src/models/join-links/request'
import { remove } from '../src/models/members/membership'
import { actNamed, NO_CAPS, somebody } from './cast'
import { all, one, run } from './database'
import { joinLink } from './join-links'
import { expectOfAnyLife } from './lives'
import { startOver } from './world'

const [HOUR, DAY] = [3_600_000, 86_400_000]
const PRESET = 'preset-support'

const approved =
  "EXISTS (SELECT 1 FROM activity e WHERE e.tenant_id = m.tenant_id AND e.member_id = m.id AND e.kind = 'request_approved')"
const joinedBy = 'members m JOIN join_links l ON l.id = m.join_link_id'

/** What must never be found of people who came by a link, whatever has happened. `?1` is now. */
const NEVER = {
  'more people than the link has counted': `SELECT l.id FROM join_links l WHERE l.uses <
    (SELECT count(*) FROM members m WHERE m.join_link_id = l.id) + (SELECT count(*) FROM join_requests q WHERE q.link_id = l.id)`,
  'more people than seats': `SELECT t.id FROM tenants t WHERE t.seats < (
    SELECT count(*) FROM members m LEFT JOIN invitations i ON i.member_id = m.id AND i.state = 'open'
    WHERE m.tenant_id = t.id AND (m.status = 'active' OR m.status = 'pending' AND i.expires_at > ?1))`,
  'somebody who joined when the link was over': `SELECT m.id FROM ${joinedBy}
    WHERE (m.joined_at >= l.expires_at OR m.joined_at > l.turned_off_at) AND NOT ${approved}`,
  'somebody whom an admin had to approve, and did not': `SELECT m.id FROM ${joinedBy} WHERE NOT ${approved} AND (l.approval = 1
    OR EXISTS (SELECT 1 FROM activity e WHERE e.member_email = m.email AND e.kind = 'deleted' AND e.at BETWEEN l.created_at AND m.joined_at))`,
  'somebody of a domain that the link does not allow': `SELECT m.id FROM ${joinedBy} WHERE l.domains <> '[]'
    AND substr(m.email_key, instr(m.email_key, '@') + 1) NOT IN (SELECT value FROM json_each(l.domains))`,
  'somebody without the preset of the link': `SELECT m.id FROM ${joinedBy} WHERE m.preset_id IS NOT l.preset_id AND NOT ${approved}`,
  'somebody whose address nobody has proven': `SELECT m.id FROM ${joinedBy} JOIN users u ON u.id = m.user_id WHERE u.proved_at IS NULL`,
  'somebody who waits and is here': `SELECT q.id FROM join_requests q JOIN members m ON m.join_link_id = q.link_id AND m.email_key = q.email_key`,
}

const FOUND = `SELECT CASE ${Object.entries(NEVER)
  .map(([what, query]) => `WHEN EXISTS (${query}) THEN '${what}'`)
  .join(' ')} END AS found`

const EMAILS = ['nora@acme.test', 'otto@acme.test', 'quinn@else.test', 'cat@globex.test', 'una@else.test', 'dov@acme.test']

type Life = { ada: MemberAct; now: number }
type Proof = { jti: string; email: string; userId: string | null; proven: number }

const nth = <T>(things: T[], n: number) => things[n % (things.length || 1)]
const linksNow = () => all<{ id: string }>('SELECT id FROM join_links ORDER BY created_at, id')

async function proofNow(n: number) {
  const proofs = await all<Proof>(`SELECT p.jti, p.email, u.id AS userId, u.proved_at IS NOT NULL AS proven
    FROM join_proofs p LEFT JOIN users u ON u.email_key = p.email_key ORDER BY p.created_at DESC, p.id`)
  return nth(proofs.slice(0, 3), n)
}

async function requestNow({ ada }: Life, n: number) {
  const waiting = await all<{ id: string }>('SELECT id FROM join_requests ORDER BY id')
  return (await requestOf({ ...ada, secretHash: '' }, nth(waiting, n)?.id ?? ''))[0]
}

const MAKER = { makerId: 'ada', makerName: 'Ada Lind' }

/** As whom they try it: the one they are, or another. */
async function joins({ now }: Life, n: number, honest: boolean) {
  const proof = await proofNow(n)
  if (!proof) return
  const { email, jti, userId, proven } = proof
  const [who, set] = [{ ...MAKER, email, name: null }, { passwordHash: '$scrypt$new' }]
  const theirs = userId ? (proven ? { userId } : { userId, ...set, ...KEEP_ALL }) : set
  const other = userId ? (proven ? set : { userId }) : { userId: 'user-bob' }
  await join(somebody(now), jti, { ...who, ...(honest ? theirs : other) })
}

const ACTIONS: Record<string, (life: Life, n: number, flag: boolean) => Promise<unknown>> = {
  link: ({ ada }, n, flag) =>
    joinLink(
      {
        uses: 1 + (n % 3),
        days: 1 + (n % 2),
        approval: n % 4 === 0,
        domains: flag ? ['acme.test'] : [],
        presetId: n % 3 === 0 ? PRESET : null,
      },
      ada,
    ),
  async mail({ now }, n, flag) {
    const [link, email] = [nth(await linksNow(), flag ? 0 : n), nth(EMAILS, n)]
    await run(
      `INSERT INTO join_proofs (id, tenant_id, link_id, email, email_key, jti, state, created_at, expires_at)
       SELECT ?1, 'acme', l.id, ?2, ?2, ?3, 'open', ?4, ?4 + ${HOUR} FROM join_links l WHERE l.id = ?5`,
      crypto.randomUUID(),
      email,
      crypto.randomUUID().padEnd(43, '-'),
      now,
      link?.id ?? '',
    )
  },
  async come(life, n, flag) {
    await ACTIONS.mail?.(life, n, flag)
    await joins(life, 0, true)
  },
  join: (life, n) => joins(life, n, true),
  pretend: (life, n) => joins(life, n, false),
  async ask({ now }, n, flag) {
    const proof = await proofNow(n)
    const userId = flag ? (proof?.userId ?? undefined) : undefined
    if (proof) await askToJoin(somebody(now), proof.jti, { email: proof.email, name: null, userId })
  },
  async approve(life, n, flag) {
    const request = await requestNow(life, n)
    const access = { overrides: {}, agentMode: 'all' as const, agentIds: [], presetId: flag ? PRESET : null }
    if (request) await approve(life.ada, request, access, NO_CAPS)
  },
  async decline(life, n) {
    const request = await requestNow(life, n)
    if (request) await decline(life.ada, request.id)
  },
  async turnOff({ ada }, n) {
    await turnOff(ada, nth(await linksNow(), n)?.id ?? '')
  },
  async remove({ ada }, n) {
    const joined = await all<{ id: string }>('SELECT id FROM members WHERE join_link_id IS NOT NULL ORDER BY id')
    await remove(ada, { id: nth(joined, n)?.id ?? '' })
  },
  domains: (_, __, flag) =>
    run(flag ? "INSERT OR IGNORE INTO allowed_domains VALUES ('acme', 'acme.test')" : 'DELETE FROM allowed_domains'),
  async wait(life, n) {
    life.now += nth([1000, HOUR / 2, DAY, DAY], n) ?? 0
  },
}

/** Joining comes most often. */
const NAMES = [
  ...Object.keys(ACTIONS),
  ...Array(10).fill('come'),
  'wait',
  'wait',
  'remove',
  'remove',
  'mail',
  'mail',
  'join',
  'join',
  'ask',
  'approve',
]
const step = fc.tuple(fc.constantFrom(...NAMES), fc.nat(11), fc.boolean())

/** In the past, since a trigger notes by the clock of the database when somebody was deleted. */
async function begin(): Promise<Life> {
  await startOver()
  await run(
    `INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('${PRESET}', 'acme', 'Support', 'support', 'all', 1)`,
  )
  await run("INSERT INTO users (id, email, email_key, created_at) VALUES ('user-una', 'una@else.test', 'una@else.test', 1)")
  await run("UPDATE tenants SET seats = 4 WHERE id = 'acme'")
  const now = Date.now() - 60 * DAY
  const ada = await actNamed('ada', now)
  for (const approval of [false, true]) await joinLink({ uses: 2, days: 1, approval }, ada)
  return { ada, now }
}

const PATIENCE_MS = 2000

it('nobody comes by a join link past its uses, its end, its domains, the seats, an approval or the proof of their address', {
  timeout: 3_600_000,
}, async () => {
  const anyLife = fc.array(step, { minLength: 30, maxLength: 40, size: 'max' })
  const holds = async (steps: [string, number, boolean][]) => {
    const life = await begin()
    for (const [name, n, flag] of steps) {
      await ACTIONS[name]?.(life, n, flag)
      life.ada = { ...life.ada, now: life.now }
      expect(await one(FOUND, life.now), name).toEqual({ found: null })
    }
  }
  await expectOfAnyLife(anyLife, holds, PATIENCE_MS)
})
