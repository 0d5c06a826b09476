import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { somebody } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { joinLink, proofFor } from '../../../test/join-links'
import { startOver } from '../../../test/world'
import { runCron } from '../../cron'
import { readEnv } from '../../env'
import { DAY_MS, JOIN_LINK_DAYS, JOIN_REQUEST_MS } from '../../limits'
import { compose } from '../../mail/compose'
import { gatherNotices } from '../invitations/notice-mail'
import { letterOf } from '../mail/letter'
import { letterContextsOf } from '../mail/letter-context'
import { askToJoin, join } from './joining'

beforeEach(startOver)

async function joined(email: string, name = 'Nora New') {
  const joiner = { makerId: 'ada', makerName: 'Ada Admin', email, name, passwordHash: 'x' }
  await join(somebody(), await proofFor(await joinLink(), email), joiner)
}

async function asked(email: string) {
  const jti = await proofFor(await joinLink({ approval: true }), email)
  await askToJoin(somebody(), jti, { email, name: 'Otto Wait', userId: undefined })
}

async function letterTo(mailId: string) {
  const [context] = await letterContextsOf(somebody().db, [mailId])
  const letter = context && letterOf(context, Date.now())
  if (!letter) throw new Error('nobody is told anything')
  return compose(readEnv(env), { id: mailId, to: 'ada@acme.test' }, letter, Date.now())
}

describe('whoever made the link', () => {
  it('is told of one who joined, with the way to them', async () => {
    await joined('nora@acme.test')
    const [mail = ''] = await gatherNotices(somebody())
    const { subject, text } = await letterTo(mail)
    const member = await one<{ id: string }>("SELECT id FROM members WHERE email_key = 'nora@acme.test'")
    expect(subject).toBe('Nora New joined Acme')
    expect(text).toContain(`/w/acme/access/users/${member?.id}`)
  })

  it('is told in one email of who asks to join and what became of invitations, with the way to the requests', async () => {
    await asked('otto@acme.test')
    await joined('nora@acme.test')
    const mails = await gatherNotices(somebody())
    expect(mails).toHaveLength(1)
    const { subject, text } = await letterTo(mails[0] ?? '')
    expect(subject).toBe('2 people and invitations in Acme changed')
    expect(text).toMatch(/Asks to join: Otto Wait \(otto@acme.test\)/)
    expect(text).toContain('/w/acme/access/requests')
    expect(await gatherNotices(somebody())).toEqual([])
  })

  it('is told nothing where they want no notices', async () => {
    await run("UPDATE members SET notices = 'off' WHERE id = 'ada'")
    await joined('nora@acme.test')
    expect(await all('SELECT 1 FROM join_notices')).toEqual([])
  })

  it('and is no admin any more leaves it to the admin who has been here longest', async () => {
    const [link, email] = [await joinLink(), 'nora@acme.test']
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    await run("UPDATE members SET role = 'user' WHERE id = 'ada'")
    await join(somebody(), await proofFor(link, email), {
      makerId: 'ada',
      makerName: 'Ada Admin',
      email,
      name: null,
      passwordHash: 'x',
    })
    expect(await all('SELECT member_id FROM join_notices')).toEqual([{ member_id: 'bob' }])
  })
})

describe('at night', () => {
  const night = (now: number) => runCron(readEnv(env), '17 3 * * *', now)

  it('what was emailed goes a month after it expired, with its email', async () => {
    await proofFor(await joinLink(), 'nora@acme.test')
    await night(Date.now() + 30 * DAY_MS)
    expect(await all("SELECT 1 FROM mails WHERE kind = 'join'")).toHaveLength(1)
    await night(Date.now() + 31 * DAY_MS)
    expect([await all('SELECT 1 FROM join_proofs'), await all("SELECT 1 FROM mails WHERE kind = 'join'")]).toEqual([[], []])
  })

  it('who waits is forgotten after as long as anybody may be kept waiting', async () => {
    await asked('otto@acme.test')
    await night(Date.now() + JOIN_REQUEST_MS - DAY_MS)
    expect(await all('SELECT 1 FROM join_requests')).toHaveLength(1)
    await night(Date.now() + JOIN_REQUEST_MS + DAY_MS)
    expect(await all('SELECT 1 FROM join_requests')).toEqual([])
  })

  it('an address that left is known as long as a link from before can work', async () => {
    await run("DELETE FROM members WHERE id = 'dov'")
    await night(Date.now() + (JOIN_LINK_DAYS.max - 1) * DAY_MS)
    expect(await all('SELECT email_key FROM removed_addresses')).toEqual([{ email_key: 'dov@acme.test' }])
    await night(Date.now() + (JOIN_LINK_DAYS.max + 1) * DAY_MS)
    expect(await all('SELECT 1 FROM removed_addresses')).toEqual([])
  })

  it('the address of somebody who joined stays in the log when they are gone, and that of one who only asked goes', async () => {
    await joined('nora@acme.test')
    await asked('otto@acme.test')
    await run("DELETE FROM members WHERE email_key = 'nora@acme.test'")
    await run('DELETE FROM join_requests')
    await night(Date.now() + 91 * DAY_MS)
    const kept = await all<{ member_email: string }>(
      "SELECT member_email FROM activity WHERE kind IN ('joined', 'asked_to_join') AND member_email IS NOT NULL",
    )
    expect(kept).toEqual([{ member_email: 'nora@acme.test' }])
  })
})
