import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, NO_CAPS } from '../../../test/cast'
import { all, run } from '../../../test/database'
import { crowd, expected, type MessyRow, messyList } from '../../../test/messy-list'
import { seedOfRun } from '../../../test/random'
import { readEnv } from '../../env'
import { runJobs } from '../../jobs/run'
import { STEPS } from '../../jobs/steps'
import type { MemberAct } from '../core/act'
import type { Caps } from '../invitations/sending-limit'
import { createDraft } from './draft'
import { readList } from './list'
import { rowsOf } from './review'
import { namesOf, readRow } from './row'
import { beginSending } from './send'

const SETTINGS = { role: 'user' as const, sections: null, mode: null, agents: [], preset: null, endsAt: null, note: null }
const AGENTS = namesOf([{ id: 'agent-support-triage', name: 'Support Triage' }])
const ROWS = 1000

let ada: MemberAct
let seed: number
beforeEach(async () => {
  ada = await actNamed('ada')
  seed = seedOfRun()
})

/** Stores a list as its form does, and asks for a new link where the row says so. */
async function listed({ csv, rows }: { csv: string; rows: MessyRow[] }) {
  const list = readList([csv])
  if ('reason' in list) throw new Error(list.reason)
  expect(list.rows).toHaveLength(rows.length)
  const id = await createDraft(
    ada,
    SETTINGS,
    list.rows.map((cells) => readRow(cells, { agents: AGENTS, presets: namesOf([]) })),
  )
  const resends = rows.flatMap(({ resend }, i) => (resend ? [i + 1] : []))
  await run("UPDATE invite_rows SET choice = 'resend' WHERE n IN (SELECT value FROM json_each(?))", JSON.stringify(resends))
  return id
}

const reviewed = async (id: string, caps: Caps) =>
  (await rowsOf({ ...ada, secretHash: '' }, id, caps)).map(({ reason, holder }) => reason ?? (holder ? 'resent' : 'sent'))

async function sent(id: string, caps: Caps) {
  expect(await beginSending(ada, id, { version: 1, later: false })).toBe(true)
  await runJobs({ ...readEnv(env), CAPS: caps }, STEPS, [id])
  const rows = await all<{ outcome: string }>('SELECT outcome FROM invite_rows WHERE draft_id = ? ORDER BY n', id)
  return rows.map(({ outcome }) => outcome)
}

const apart = (found: string[], should: string[]) =>
  found.flatMap((one, i) => (one === should[i] ? [] : [`row ${i + 1}: ${one}, not ${should[i]}`]))

/** One limit is close at a time, so that it is known which of them a row meets. */
const LIMITS: [string, Partial<Caps> & { seats?: number }][] = [
  ['nothing', {}],
  ['the seats', { seats: 220 }],
  ['the number of pending people', { pending: 200 }],
  ['the emails of a day', { mailsADay: 137 }],
]

describe(`of ${ROWS} rows that people have typed, where what ends first is`, () => {
  it.each(LIMITS)('%s, the review says what somebody with a pencil says, and the report what the review said', async (_, close) => {
    const { seats, ...near } = close
    const caps = { ...NO_CAPS, ...near }
    const here = await crowd(seed, ada.now, seats)
    const list = messyList(seed, ROWS)
    const id = await listed(list)
    const should = expected(list.rows, here, caps)

    expect(new Set(should).size, `seed ${seed}`).toBeGreaterThan(20)
    expect(apart(await reviewed(id, caps), should), `seed ${seed}`).toEqual([])
    expect(apart(await sent(id, caps), should), `seed ${seed}`).toEqual([])
  })

  it('several of them at once, as many go out as somebody with a pencil sends', async () => {
    const caps = { ...NO_CAPS, pending: 160, mailsADay: 120 }
    const here = await crowd(seed, ada.now, 190)
    const list = messyList(seed, ROWS)
    const id = await listed(list)
    const goesOut = (outcomes: string[]) => outcomes.map((outcome) => outcome === 'sent' || outcome === 'resent')
    const review = await reviewed(id, caps)

    expect(goesOut(review), `seed ${seed}`).toEqual(goesOut(expected(list.rows, here, caps)))
    expect(await sent(id, caps), `seed ${seed}`).toEqual(review)
  })
})
