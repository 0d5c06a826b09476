import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { all, facts, one, run } from '../../../test/database'
import { historyOf, leaseMail } from '../../../test/outbox'
import { mailState, sentMail } from '../../../test/webhook'
import { connect } from '../../db/connect'
import { nobodyAt } from '../core/act'
import { markSent } from './attempt'
import { type MailNews, recordNews } from './mail-event'

const db = connect(env.DB)
const NOW = Date.now()

const KINDS = ['sent', 'deferred', 'delivered', 'bounced', 'failed', 'complained'] as const
const RANKS: Record<string, number> = { sent: 1, deferred: 2, delivered: 3, bounced: 4, failed: 4, complained: 5 }

const news = (kind: MailNews['kind'], change: Partial<MailNews> = {}): MailNews => ({
  id: `${kind}-of-${change.requestId ?? 'request-mail-1'}-${change.at ?? NOW}`,
  mailId: 'mail-1',
  requestId: 'request-mail-1',
  kind,
  reason: null,
  detail: null,
  at: NOW,
  ...change,
})
const act = { db, by: nobodyAt(''), now: NOW }
const tell = (...news: MailNews[]) => recordNews(act, 'mailchannels', { news, signedAt: NOW })

beforeEach(async () => {
  await sentMail('mail-1')
})

describe('the state of a mail', () => {
  it('is the furthest that anybody has told of, in whatever order and batches, however often', async () => {
    const batches = fc.array(fc.array(fc.constantFrom(...KINDS), { maxLength: 4 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(batches, fc.uuid(), async (told, id) => {
        const { requestId } = await sentMail(id)
        const about = (kind: MailNews['kind']) => news(kind, { id: `${kind}-${id}`, mailId: id, requestId })
        for (const kinds of [...told, ...told]) await tell(...kinds.map(about))

        const kinds = told.flat()
        const furthest = Math.max(1, ...kinds.map((kind) => RANKS[kind] ?? 0))
        expect(RANKS[(await mailState(id)) ?? '']).toBe(furthest)
        expect(new Set((await historyOf(id)).map(({ kind }) => kind))).toEqual(new Set(kinds))
      }),
      { numRuns: 40 },
    )
  })

  it('is left alone by a late delivery once the mail has bounced', async () => {
    await tell(news('bounced', { reason: 'mailbox_full' }))
    await tell(news('delivered', { at: NOW + 1 }))

    expect(await one("SELECT state, reason FROM mails WHERE id = 'mail-1'")).toEqual({
      state: 'bounced',
      reason: 'mailbox_full',
    })
    expect((await historyOf('mail-1')).map(({ kind }) => kind)).toEqual(['bounced', 'delivered'])
  })

  it('has the reason that came with it, the latest of equals', async () => {
    await tell(
      news('deferred', { reason: 'server_said', detail: 'later', at: NOW }),
      news('deferred', { reason: 'server_busy', at: NOW - 5 }),
      news('sent', { reason: null }),
    )

    expect(await one("SELECT state, reason, detail FROM mails WHERE id = 'mail-1'")).toEqual({
      state: 'deferred',
      reason: 'server_said',
      detail: 'later',
    })
  })
})

describe('news under a request that we did not make', () => {
  const foreign = news('bounced', { requestId: 'request-of-somebody' })

  it('changes nothing but when the provider was last heard', async () => {
    const before = await facts()
    await tell(foreign, news('bounced', { mailId: 'no-such-mail' }))

    expect(await facts()).toEqual({ ...before, webhooks: [{ provider: 'mailchannels', seen_at: NOW }] })
  })

  it.each([
    ['of a mail that nobody has tried to send', 'attempts = 0, request_id = NULL'],
    ['of a mail that another provider has sent', "provider = 'cloudflare'"],
  ])('%s changes nothing', async (_, change) => {
    await run(`UPDATE mails SET ${change} WHERE id = 'mail-1'`)
    await tell(foreign, news('bounced'))

    expect(await mailState('mail-1')).toBe('sent')
    expect(await historyOf('mail-1')).toEqual([])
  })

  it.each([
    ['while the answer of the first attempt is not known', "attempts = 1, state = 'queued', request_id = NULL, provider = NULL"],
    ['after a second attempt, since the first may have been taken', 'attempts = 2'],
  ])('is ours all the same %s', async (_, change) => {
    await run(`UPDATE mails SET ${change} WHERE id = 'mail-1'`)
    await tell(foreign)

    expect(await mailState('mail-1')).toBe('bounced')
  })
})

describe('a mail whose sender died before it could say so', () => {
  beforeEach(async () => {
    await run(
      "UPDATE mails SET state = 'queued', attempts = 0, request_id = NULL, provider = NULL, sent_at = NULL WHERE id = 'mail-1'",
    )
    await leaseMail({ db, now: NOW - 600_000 }, 'mail-1')
  })

  it('is not sent again once the provider has told of it', async () => {
    await tell(news('sent'))

    expect(await one("SELECT state, provider, sent_at FROM mails WHERE id = 'mail-1'")).toEqual({
      state: 'sent',
      provider: 'mailchannels',
      sent_at: NOW,
    })
    expect(await leaseMail(act, 'mail-1')).toBeUndefined()
  })

  it('keeps what was told when its sender comes back after all', async () => {
    await tell(news('delivered'))
    const receipt = { provider: 'mailchannels', providerId: '<1@loopback>', requestId: 'request-mail-1' }
    await db.batch(markSent({ db, now: NOW + 1 }, { id: 'mail-1', attempts: 1 }, receipt))

    expect(await one("SELECT state, request_id, sent_at FROM mails WHERE id = 'mail-1'")).toEqual({
      state: 'delivered',
      request_id: 'request-mail-1',
      sent_at: NOW,
    })
    expect((await historyOf('mail-1')).map(({ kind }) => kind)).toEqual(['delivered', 'sent'])
  })
})

describe('what follows', () => {
  beforeEach(() => run("UPDATE invitations SET inviter_id = 'ada'"))
  const notices = () => all('SELECT member_id, kind, about_email FROM notices')
  const suppressions = () => all('SELECT email_key, tenant_id, reason FROM suppressions')

  it.each(['bounced', 'failed'] as const)('from %s: the inviter is told, once', async (kind) => {
    await tell(news(kind))
    await tell(news(kind), news(kind, { at: NOW + 1 }))

    expect(await notices()).toEqual([{ member_id: 'ada', kind: 'bounced', about_email: 'pia@acme.test' }])
    expect(await suppressions()).toEqual([])
  })

  it('from a complaint: the address is suppressed in the whole deployment', async () => {
    await tell(news('complained'))

    expect(await suppressions()).toEqual([{ email_key: 'pia@acme.test', tenant_id: '', reason: 'complained' }])
    expect(await notices()).toEqual([])
  })

  it.each(['sent', 'deferred', 'delivered'] as const)('from %s: nothing', async (kind) => {
    await tell(news(kind))

    expect([await notices(), await suppressions()]).toEqual([[], []])
  })

  it('from a bounce of an invitation that was superseded: nothing', async () => {
    await run("UPDATE invitations SET state = 'superseded', closed_at = 1, write_nonce = 'resend' WHERE id = 'invitation-pia'")
    await tell(news('bounced'))

    expect(await notices()).toEqual([])
    expect(await mailState('mail-1')).toBe('bounced')
  })

  it('from a replay: nothing, even where the notice is gone by now', async () => {
    await tell(news('bounced'), news('complained'))
    await run('DELETE FROM notices')
    await run('DELETE FROM suppressions')
    const before = await facts()
    await tell(news('bounced'), news('complained'))

    expect(await facts()).toEqual(before)
  })
})
