import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, somebody } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { leaseMail } from '../../../test/outbox'
import { scansOf } from '../../../test/plan'
import { together, tryOften } from '../../../test/race'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { countsOf, storedCounts, troubleCounts } from './counts'
import { warnOfEnds } from './end-warning'
import { membersPage } from './member'
import { setEnd } from './membership'

let ada: MemberAct
/** The beginning of the last day but six of Bob's membership. */
let due: number

const later = (now: number) => ({ ...ada, now })

beforeEach(async () => {
  ada = await actNamed('ada')
  due = (Math.floor(ada.now / DAY_MS) + 10) * DAY_MS
  await run("UPDATE mails SET state = 'sent'")
  await setEnd(ada, { id: 'bob', endsAt: due + 7 * DAY_MS })
})

const mailed = () => all("SELECT kind, to_key FROM mails WHERE kind IN ('ending', 'endings') ORDER BY created_at, kind, to_key")
const BOTH = [
  { kind: 'ending', to_key: 'bob@acme.test' },
  { kind: 'endings', to_key: 'ada@acme.test' },
]

describe('seven days before a membership ends', () => {
  it('the person and the admins are emailed once', async () => {
    expect(await warnOfEnds(later(due - 1))).toEqual([])
    expect(await warnOfEnds(later(due))).toHaveLength(2)
    expect(await warnOfEnds(later(due + MINUTE_MS))).toEqual([])
    expect(await mailed()).toEqual(BOTH)
  })

  it('the emails say whose access ends when', async () => {
    const ids = await warnOfEnds(later(due))
    const letters = await Promise.all(ids.map(async (id) => (await leaseMail(somebody(due + MINUTE_MS), id))?.letter))
    expect(letters).toEqual([
      { kind: 'ending', workspace: { id: 'acme', name: 'Acme' }, endsAt: due + 7 * DAY_MS },
      {
        kind: 'endings',
        workspace: { id: 'acme', name: 'Acme' },
        people: [{ name: 'Bob Okafor', email: 'bob@acme.test', endsAt: due + 7 * DAY_MS, memberId: 'bob' }],
        more: 0,
      },
    ])
  })

  it.each([
    ['was cleared', "UPDATE members SET ends_at = NULL WHERE id = 'bob'"],
    ['was moved away', "UPDATE members SET ends_at = ends_at + 99999999999 WHERE id = 'bob'"],
  ])('an email about an end that %s is not sent to the admins', async (_, change) => {
    const ids = await warnOfEnds(later(due))
    await run(change)
    const letters = await Promise.all(ids.map((id) => leaseMail(somebody(due + MINUTE_MS), id)))
    expect(letters.find((mail) => mail?.to === 'ada@acme.test')?.letter).toBeUndefined()
  })

  it('several are in one email to each admin, also those who are warned in a later run', async () => {
    await run(
      "UPDATE members SET status = 'active', ends_at = ?, end_warn_at = ? WHERE id = 'dov'",
      due + 3 * DAY_MS,
      due + MINUTE_MS,
    )
    await warnOfEnds(later(due))
    await warnOfEnds(later(due + MINUTE_MS))
    expect(await mailed()).toEqual([...BOTH, { kind: 'ending', to_key: 'dov@acme.test' }])
    const mail = await one<{ id: string }>("SELECT id FROM mails WHERE kind = 'endings'")
    expect((await leaseMail(somebody(due + MINUTE_MS), mail?.id ?? ''))?.letter).toMatchObject({
      people: [{ memberId: 'dov' }, { memberId: 'bob' }],
    })
  })

  it.each<[string, string, string[]]>([
    ['an admin who takes no notices', "UPDATE members SET notices = 'off' WHERE id = 'ada'", ['ending']],
    ['an address that cannot be emailed', "INSERT INTO suppressions VALUES ('bob@acme.test', '', 'complained', 1)", ['endings']],
    ['a suspended workspace', "UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'", []],
    ['somebody who was disabled', "UPDATE members SET status = 'disabled' WHERE id = 'bob'", []],
  ])('%s gets none', async (_, change, kinds) => {
    await run(change)
    await warnOfEnds(later(due))
    expect((await mailed()).map(({ kind }) => kind)).toEqual(kinds)
  })

  it('nobody is warned of an end that has passed while no Cron ran, and they are ended with the next', async () => {
    expect(await warnOfEnds(later(due + 8 * DAY_MS))).toEqual([])
    expect(await one("SELECT end_warn_at FROM members WHERE id = 'bob'")).toEqual({ end_warn_at: null })
  })

  it('twenty runs at once write one email each', async () => {
    await tryOften(async (i) => {
      await run("UPDATE members SET end_warn_at = ? WHERE id = 'bob'", due)
      await run("DELETE FROM mails WHERE kind IN ('ending', 'endings')")
      await together(() => warnOfEnds(later(due + i)))
      expect(await mailed()).toEqual(BOTH)
    }, 10)
  })

  it('a run that finds nobody writes nothing', async () => {
    const before = await dump()
    await warnOfEnds(later(due - HOUR_MS))
    expect(await dump()).toEqual(before)
  })
})

it('whose membership ends within seven days is among those who need attention, until it has ended', async () => {
  const attention = async (now: number) => {
    const at = { ...later(now), secretHash: '' }
    const rows = await membersPage(at, { q: '', status: 'attention', role: undefined, cursor: '' })
    const counts = countsOf(await storedCounts(at), await troubleCounts(at))
    return [rows.map(({ id }) => id).includes('bob'), counts.attention === rows.length]
  }
  expect(await attention(due - 1)).toEqual([false, true])
  expect(await attention(due)).toEqual([true, true])
  expect(await attention(due + 7 * DAY_MS)).toEqual([false, true])
})

it('the members who are due are found by their index', async () => {
  for (const is of [0, 1])
    expect(
      await scansOf(
        `SELECT id FROM members INDEXED BY members_due WHERE status = 'active' AND ends_at IS NOT NULL AND (end_warn_at IS NULL) = ${is}
         AND coalesce(end_warn_at, ends_at) <= 1 ORDER BY coalesce(end_warn_at, ends_at) LIMIT 100`,
        [],
      ),
    ).toEqual([])
})
