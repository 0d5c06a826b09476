import { env } from 'cloudflare:workers'
import { run } from './database'
import { chance, oneOf } from './random'

/** What the workspace knows of an address before the list comes. */
export type Known = { state: 'active' | 'disabled' | 'ended' | 'pending'; justMailed?: boolean; expired?: boolean }
export type Here = { people: Map<string, Known>; suppressed: Set<string>; spent: Set<string>; seats: number | undefined }

/** Acme with some hundred people in every state, addresses that may not be emailed, and some that were emailed too often today. */
export async function crowd(seed: number, now: number, seats: number | undefined): Promise<Here> {
  const here: Here = { people: new Map(), suppressed: new Set(), spent: new Set(), seats }
  await run("DELETE FROM invitations WHERE tenant_id = 'acme'")
  await run("DELETE FROM members WHERE tenant_id = 'acme' AND id <> 'ada'")
  await run('DELETE FROM mails')
  await run('DELETE FROM mail_days')
  here.people.set('ada@acme.test', { state: 'active' })
  for (let i = 0; i < 120; i++) {
    const state = oneOf(seed, `state ${i}`, ['active', 'active', 'disabled', 'ended', 'pending', 'pending', 'pending'] as const)
    const [justMailed, expired] = [chance(seed, `just ${i}`) < 0.3, chance(seed, `expired ${i}`) < 0.3]
    here.people.set(`here${i}@corp.test`, state === 'pending' ? { state, justMailed, expired } : { state })
  }
  const rows = [...here.people]
    .filter(([key]) => key !== 'ada@acme.test')
    .map(([key, known], i) => ({ id: `here-${i}`, key, ...known }))
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO users (id, email, email_key, created_at)
      SELECT 'user-' || (value ->> 'id'), value ->> 'key', value ->> 'key', 1 FROM json_each(?) WHERE value ->> 'state' <> 'pending'`,
    ).bind(JSON.stringify(rows)),
    env.DB.prepare(
      `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, ends_at, joined_at)
      SELECT value ->> 'id', 'acme', iif(value ->> 'state' = 'pending', NULL, 'user-' || (value ->> 'id')), value ->> 'key', value ->> 'key', 'user', CASE value ->> 'state' WHEN 'ended' THEN 'active' ELSE value ->> 'state' END,
        'all', 1, iif(value ->> 'state' = 'ended', 5, NULL), iif(value ->> 'state' = 'pending', NULL, 1) FROM json_each(?)`,
    ).bind(JSON.stringify(rows)),
    env.DB.prepare(
      `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
      SELECT 'i-' || (value ->> 'id'), 'acme', value ->> 'id', 'invite', substr((value ->> 'id') || '-' || printf('%043d', 0), 1, 43), 'Ada', 'open', 1,
        iif(value ->> 'expired', ? - 1, ? + 86400000) FROM json_each(?) WHERE value ->> 'state' = 'pending'`,
    ).bind(now, now, JSON.stringify(rows)),
    env.DB.prepare(
      `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
      SELECT 'x-' || (value ->> 'id'), 'acme', value ->> 'id', 'reminder', value ->> 'key', value ->> 'key', 'i-' || (value ->> 'id'),
        iif(value ->> 'justMailed', ? - 1000, 1), 'sent' FROM json_each(?) WHERE value ->> 'state' = 'pending'`,
    ).bind(now, JSON.stringify(rows)),
  ])
  for (let i = 0; i < 30; i++) {
    here.suppressed.add(`new${i * 7}@corp.test`)
    await run(
      'INSERT OR IGNORE INTO suppressions (email_key, tenant_id, reason, at) VALUES (?, ?, ?, 1)',
      `new${i * 7}@corp.test`,
      i % 2 ? '' : 'acme',
      'asked',
    )
  }
  for (let i = 0; i < 10; i++) {
    const key = `new${i * 11 + 1}@corp.test`
    here.spent.add(key)
    for (let n = 0; n < 6; n++)
      await run(
        `INSERT INTO mails (id, tenant_id, kind, to_email, to_key, created_at, state) VALUES (?, 'acme', 'invitation', ?, ?, ?, 'sent')`,
        `spent-${i}-${n}`,
        key,
        key,
        now - n * 60_000,
      )
  }
  await run(
    "INSERT OR IGNORE INTO allowed_domains VALUES ('acme', 'corp.test'), ('acme', 'acme.test'), ('acme', 'gmail.com'), ('acme', 'gmial.com')",
  )
  await run('UPDATE tenants SET seats = ? WHERE id = ?', seats ?? null, 'acme')
  return here
}

/** A cell of a list as somebody has typed it, and what it should be read as. */
export type MessyRow = { line: string; key: string | null; wrong: string | undefined; resend: boolean }

const BAD: [string, string][] = [
  ['', 'missing'],
  ['nobody', 'not_an_address'],
  ['a b@corp.test', 'space_inside'],
  ['a@corp..test', 'not_an_address'],
  ['a@corp.test and b@corp.test', 'several'],
  [`${'x'.repeat(65)}@corp.test`, 'too_long'],
  ['@corp.test', 'not_an_address'],
]

/** Each row says what is in it, apart from how it is read. */
export function messyList(seed: number, count: number): { csv: string; rows: MessyRow[] } {
  const rows = Array.from({ length: count }, (_, i) => messyRow(seed, i))
  const separator = oneOf(seed, 'separator', [',', ';', '\t'] as const)
  const header = ['Role', ' EMAIL ', 'Name', 'Sections', 'agents', 'Until', 'Note', 'Department'].join(separator)
  const csv = [header, ...rows.map(({ line }) => line.replaceAll('\u0001', separator))].join(
    oneOf(seed, 'lines', ['\r\n', '\n'] as const),
  )
  return { csv, rows }
}

type Typed = { email: string; key: string | null; wrong?: string }

/** Up to which share of the rows, and what stands in them; some of the numbers come twice. */
const KINDS: [number, (seed: number, i: number) => Typed][] = [
  [0.6, (seed, i) => asIs(`new${Math.floor(chance(seed, `number ${i}`) * 900)}@corp.test`)],
  [0.8, (seed, i) => asIs(`here${Math.floor(chance(seed, `who ${i}`) * 120)}@corp.test`)],
  [0.84, (_, i) => asIs(`out${i}@elsewhere.test`)],
  [0.88, (_, i) => ({ ...asIs(`slip${i}@gmial.com`), wrong: 'likely_typo' })],
  [0.94, (seed, i) => bad(BAD[Math.floor(chance(seed, `bad ${i}`) * BAD.length)])],
  [1, () => asIs('ada@acme.test')],
]
const asIs = (key: string): Typed => ({ email: key, key })
const bad = ([email, wrong] = ['', 'missing']): Typed => ({ email, key: null, wrong })

const SHAPES: [number, (email: string, i: number) => string][] = [
  [0.1, (email) => email.toUpperCase()],
  [0.2, (email) => `  ${email}.`],
  [0.3, (email, i) => `Somebody ${i} <${email}>`],
  [0.4, (email) => `mailto:${email}`],
  [1, (email) => email],
]

/** Which cell says something of its own, and what is wrong with that. */
const CELLS: [number, at: number, text: string, wrong?: string][] = [
  [0.02, 0, 'owner', 'unknown_role'],
  [0.04, 3, 'Agents, Trases', 'unknown_section'],
  [0.06, 4, 'Nobody’s agent', 'no_such_agent'],
  [0.08, 5, 'next year', 'no_day'],
  [0.1, 2, 'See https://evil.test', 'link_in_name'],
  [0.12, 6, 'x'.repeat(501), 'note_too_long'],
  [0.14, 5, '2020-01-01', 'past_end'],
  [0.2, 0, 'Tenant Admin'],
  [0.3, 3, 'logs;TRACES'],
  [0.35, 4, 'Support Triage'],
  [1, 7, 'Sales'],
]

const upTo = <T extends readonly [number, ...unknown[]]>(list: T[], share: number) => list.find(([most]) => share < most)

function messyRow(seed: number, i: number): MessyRow {
  const says = (name: string) => chance(seed, `${name} ${i}`)
  const { email, key, wrong: address } = upTo(KINDS, says('kind'))?.[1](seed, i) ?? asIs('ada@acme.test')
  const sound = address === undefined
  const cells = ['', sound ? (upTo(SHAPES, says('shape'))?.[1](email, i) ?? '') : email, `Person ${i}`, '', '', '', '', 'Sales']
  const [, at = 7, text = '', wrong] = (sound && upTo(CELLS, says('cell'))) || []
  if (text) cells[at] = text
  if (says('lines') < 0.1 && at !== 2) cells[2] = `Line\none ${i}`
  return { line: cells.map(quoted).join('\u0001'), key, wrong: address ?? wrong, resend: says('resend') < 0.5 }
}

const quoted = (cell: string) => (/[",;\t\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell)

type Limits = { pending: number; mailsADay: number }

/** What is used up as somebody with a pencil goes through the rows; nothing of it is the code under test. */
class Pencil {
  private readonly met = new Set<string>()
  private mails = 0
  private seats: number
  private pending: number

  constructor(
    private readonly here: Here,
    private readonly limits: Limits,
  ) {
    const people = [...here.people.values()]
    this.seats = people.filter(({ state, expired }) => state === 'active' || (state === 'pending' && !expired)).length
    this.pending = people.filter(({ state }) => state === 'pending').length
  }

  /** The end that has passed is a rule, which comes after who is here already. */
  next({ key, wrong, resend }: MessyRow): string {
    const twice = key !== null && this.met.has(key)
    if (key !== null) this.met.add(key)
    if (wrong && wrong !== 'past_end') return wrong
    if (twice || key === null) return 'twice'
    const known = this.here.people.get(key)
    const again = known?.state === 'pending' && resend
    return this.known(known, again) ?? this.asked(key, known, wrong) ?? this.room(known)
  }

  private known = (known: Known | undefined, again: boolean) => (known && !again ? `already_${known.state}` : undefined)

  private asked(key: string, known: Known | undefined, wrong: string | undefined) {
    if (!known && wrong) return wrong
    if (!known && !ALLOWED.test(key)) return 'domain_not_allowed'
    if (this.here.suppressed.has(key)) return 'cannot_be_mailed'
    if (this.here.spent.has(key)) return 'too_often'
    return known?.justMailed ? 'too_soon' : undefined
  }

  private room(known: Known | undefined) {
    const seat = +(!known || known.expired === true)
    if (!known && this.pending >= this.limits.pending) return 'too_many_pending'
    if (seat && this.seats >= (this.here.seats ?? Number.POSITIVE_INFINITY)) return 'no_seat'
    if (this.mails >= this.limits.mailsADay) return 'too_many_mails'
    this.seats += seat
    this.pending += +!known
    this.mails++
    return known ? 'resent' : 'sent'
  }
}

const ALLOWED = /@(corp\.test|acme\.test|gmail\.com|gmial\.com)$/

/** What should become of each row. */
export function expected(rows: MessyRow[], here: Here, limits: Limits): string[] {
  const pencil = new Pencil(here, limits)
  return rows.map((row) => pencil.next(row))
}
