import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { allKnown } from '../access/named'
import type { MemberAct } from '../core/act'
import type { Caps } from '../invitations/sending-limit'
import { STEP_PEOPLE } from '../jobs/people'
import { statusAt } from '../members/active'
import type { MemberStatus } from '../members/membership'
import { nameOfMember } from '../members/their-name'
import { memberIdOf, type Place } from '../members/viewer'
import { type PresetChoice, presetChoices } from '../presets/preset-page'
import { changeOf, type LeftFor, type Wanted } from './change'
import { type Chosen, chosenPeople, verdictsOn } from './chosen'
import { howMany } from './how-many'

/** So many of those who are left for one reason are named. */
const NAMED = 5

/** The reads of the question that comes before a change of many; `toQuestion` makes of them what it says. */
export function questionOf(at: Place, chosen: Chosen, wanted: Wanted, caps: Caps) {
  return {
    total: raw<{ people: number }>(at.db, sql`SELECT ${peopleIn(at, chosen)} AS people`),
    known: raw<{ all: 0 | 1 }>(
      at.db,
      sql`SELECT ${
        'named' in chosen
          ? allKnown(
              asked(at),
              chosen.named.map(({ id }) => id),
            )
          : sql`1`
      } AS "all"`,
    ),
    verdicts: raw<Verdict>(at.db, verdictCounts(at, chosen, wanted, caps)),
    rooms: raw<{ most: string }>(
      at.db,
      sql`SELECT json_array(${sql.join(
        roomsOf(at, wanted, caps).map(({ most }) => most),
        sql`, `,
      )}) AS most`,
    ),
    presets: presetsFor(at, wanted),
    named: raw<{ id: string; status: MemberStatus }>(at.db, namedNow(at, chosen)),
  }
}

const peopleIn = (at: Place, chosen: Chosen) =>
  'named' in chosen ? sql`(SELECT count(*) FROM (${chosenPeople(at, chosen)}))` : howMany(at, chosen.filter)

/** To choose from; none where none is given. */
const presetsFor = (at: Place, { change }: Wanted) => presetChoices(change === 'preset' ? at : { ...at, tenantId: '' })

/** The rules of a change read nothing of whoever does it. */
type At = Pick<Place, 'db' | 'tenantId' | 'now'>

const asked = (at: At): MemberAct => ({ ...at, memberId: '', by: { memberId: null, name: null, email: null, ip: null } })

const roomsOf = (at: At, wanted: Wanted, caps: Caps) => changeOf(asked(at), wanted, caps).rooms ?? []

type Verdict = { reason: LeftFor | null; people: number; names: string; takes: string }

/** By reason, of up to a step of people and one more. */
function verdictCounts(at: Place, chosen: Chosen, wanted: Wanted, caps: Caps) {
  const change = changeOf(asked(at), wanted, caps)
  const people = sql`SELECT s.id AS member_id, s.state FROM (${chosenPeople(at, chosen)}) s LIMIT ${STEP_PEOPLE + 1}`
  const takes = roomsOf(at, wanted, caps).map((room, i) => ({ name: sql.identifier(`takes_${i}`), ...room }))
  const columns = sql`, ${nameOfMember} AS name, m.email, ${sql.join([sql`m.email_key`, ...takes.map(({ takes, name }) => sql`${takes} AS ${name}`)], sql`, `)}`
  return sql`
    SELECT v.reason, count(*) AS people, json_group_array(coalesce(v.name, v.email)) FILTER (WHERE v.nth <= ${NAMED} AND v.email IS NOT NULL) AS names,
      json_array(${sql.join(
        takes.map(({ name }) => sql`sum(v.${name})`),
        sql`, `,
      )}) AS takes
    FROM (SELECT *, row_number() OVER (PARTITION BY reason ORDER BY email_key) AS nth
      FROM (${verdictsOn(at, { people, change, self: memberIdOf(at), columns })})) v
    GROUP BY v.reason`
}

const namedNow = (at: Place, chosen: Chosen) =>
  'named' in chosen
    ? sql`SELECT m.id, ${statusAt(at.now, 'm')} AS status FROM (${chosenPeople(at, chosen)}) s
        CROSS JOIN members m ON m.tenant_id = ${at.tenantId} AND m.id = s.id`
    : sql`SELECT NULL AS id, NULL AS status WHERE false`

/** Why some are left: how many, and the names of a few. Nobody is named who is left only because there is no room for all. */
export type Left = { reason: LeftFor; people: number; names: string[] }

/**
 * `able`: how many it can be done to, as far as they are looked at one by one, and `names` of a few of them; `left`: why not to the others. Nobody is
 * named where there is no room for all.
 */
export type Question = {
  total: number
  able: number | undefined
  names: string[]
  left: Left[]
  named: { id: string; status: MemberStatus }[]
  presets: PresetChoice[]
}

type Found = { [K in keyof ReturnType<typeof questionOf>]: Awaited<ReturnType<typeof questionOf>[K]> }

/** Undefined where somebody named is unknown here. */
export function toQuestion(found: Found, at: At, wanted: Wanted, caps: Caps): Question | undefined {
  const total = found.total[0]?.people ?? 0
  if (!found.known[0]?.all) return undefined
  if (total > STEP_PEOPLE) return { total, able: undefined, names: [], left: [], named: [], presets: found.presets }
  const refused = found.verdicts.flatMap(({ reason, people, names }) =>
    reason ? [{ reason, people, names: JSON.parse(names) as string[] }] : [],
  )
  const fit = found.verdicts.find(({ reason }) => reason === null)
  const beyond = beyondRoom(
    found,
    fit,
    roomsOf(at, wanted, caps).map(({ reason }) => reason),
  )
  const able = Math.max(0, (fit?.people ?? 0) - beyond.reduce((sum, { people }) => sum + people, 0))
  const names: string[] = beyond.length > 0 ? [] : JSON.parse(fit?.names ?? '[]')
  return { total, able, names, left: [...refused, ...beyond], named: found.named, presets: found.presets }
}

function beyondRoom({ rooms }: Found, fit: Verdict | undefined, reasons: LeftFor[]): Left[] {
  const [most, takes]: [number[], number[]] = [JSON.parse(rooms[0]?.most ?? '[]'), JSON.parse(fit?.takes ?? '[]')]
  return reasons.flatMap((reason, i) => {
    const people = Math.max(0, (takes[i] ?? 0) - Math.max(0, most[i] ?? 0))
    return people > 0 ? [{ reason, people, names: [] }] : []
  })
}
