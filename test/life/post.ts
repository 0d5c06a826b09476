import { env as bindings } from 'cloudflare:workers'
import { readEnv } from '../../src/env'
import { deliver } from '../../src/mail/deliver'
import { because, type Outcome, type Provider } from '../../src/mail/provider'
import { remind } from '../../src/models/invitations/reminder'
import { type MailNews, recordNews } from '../../src/models/mail/mail-event'
import { warnOfEnds } from '../../src/models/members/end-warning'
import { endMemberships } from '../../src/models/members/ending'
import { NO_CAPS } from '../cast'
import { type Action, by, type Choice, NOTHING, oneOf, type Plan } from './action'
import type { Life, Mail } from './life'
import * as mails from './mails'

export type WhichMail = Choice<'queued' | 'tried' | 'any'>

const withMail = (words: string, { of, back }: WhichMail, plan: (life: Life, mail: Mail) => Plan): Action => ({
  words: `mail, ${of} ${back}: ${words}`,
  plan(life) {
    const sensible = life.mails.filter(({ state, attempts }) => (of === 'queued' ? state === of : of === 'tried' && attempts > 0))
    const mail = oneOf(sensible, life.mails, back)
    return mail ? plan(life, mail) : NOTHING
  },
})

/** A consumer of the Queue; what it hands to the provider must still be worth sending. */
export const delivers = (which: WhichMail, outcome: 'sent' | 'refused') =>
  withMail(`deliver, ${outcome}`, which, (life, mail) => {
    const ours = mail.state === 'queued' && mail.leasedUntil <= life.now
    const worth = mails.isWorthSending(life, mail)
    let handedOver = 0
    const provider: Provider = {
      async send(): Promise<Outcome> {
        handedOver++
        if (outcome === 'refused') return { kind: outcome, ...because('provider_refused', 'No.') }
        return { kind: outcome, providerId: null, requestId: `request of ${mail.id}` }
      },
    }
    const lease = () => {
      mails.lease(life, mail)
      return '0 sent'
    }
    const settle = () => {
      mail.state = worth ? (outcome === 'refused' ? 'failed' : 'sent') : mails.isLeftOut(life, mail) ? 'failed' : 'dropped'
      return `${worth ? 1 : 0} sent`
    }
    return {
      effects: ours ? [lease, settle] : [lease],
      again: 2,
      async act(_, DB) {
        await deliver({ ...readEnv(bindings), MAIL_PROVIDER: 'local', DB }, { local: () => provider }, [mail.id], life.now)
        return `${handedOver} sent`
      },
    }
  })

/** As its provider's signed webhook is read: news of one mail, which may come late, twice, or of a mail that nobody sent. */
export const tells = (which: WhichMail, kind: 'deferred' | 'delivered' | 'bounced' | 'complained') =>
  withMail(`the provider says ${kind}`, which, (life, mail) => ({
    effects: [
      () => {
        mails.hear(life, mail, kind)
        return 'done'
      },
    ],
    async act(db) {
      const news: MailNews = {
        id: `${mail.id}:${kind}`,
        mailId: mail.id,
        requestId: `request of ${mail.id}`,
        kind,
        reason: null,
        detail: null,
        at: life.now,
      }
      await recordNews(by(life, db), 'local', { news: [news], signedAt: life.now })
      return 'done'
    },
  }))

export const clockSteps = (ms: number): Action => ({
  words: `${ms / 1000} s pass`,
  plan(life) {
    life.now += ms
    return NOTHING
  },
})

export const cronReminds = (): Action => ({
  words: 'the Cron reminds',
  plan: (life) => ({
    effects: [
      () => {
        mails.remind(life)
        return 'done'
      },
    ],
    act: async (db) => {
      await remind(by(life, db), NO_CAPS)
      return 'done'
    },
  }),
})

/** Whoever is past their end is so already: a run of it changes nothing that anybody sees. */
export const cronEnds = (): Action => ({
  words: 'the Cron ends memberships',
  plan: (life) => ({
    effects: [() => 'done', () => 'done'],
    act: async (db) => {
      await warnOfEnds(by(life, db))
      await endMemberships(by(life, db))
      return 'done'
    },
  }),
})
