import { env as bindings } from 'cloudflare:workers'
import { readEnv } from '../../src/env'
import { deliver } from '../../src/mail/deliver'
import { forgotPassword } from '../../src/models/identity/password-reset'
import { newSession } from '../../src/models/identity/session'
import { accept } from '../../src/models/invitations/acceptance'
import { decline } from '../../src/models/invitations/invite'
import { remind } from '../../src/models/invitations/reminder'
import { renew } from '../../src/models/invitations/resend'
import { recordNews } from '../../src/models/outbox/mail-event'
import { NO_CAPS, SOMEBODY, typed } from '../cast'
import { insertSession } from '../session'
import { type Action, type Choice, inWord, NOTHING, oneOf, type Plan, reasonOf } from './action'
import { type Life, type Link, type Mail, userAt } from './life'
import * as mails from './mails'
import * as spec from './members'

export type Which = Choice<'open' | 'any'>

/** What the holder of a link does, in the tab of the newest mail or in one that has been open for long. */
const withLink = (words: string, { of, back }: Which, plan: (life: Life, link: Link) => Plan): Action => ({
  words: `link, ${of} ${back}: ${words}`,
  plan(life) {
    const open = life.links.filter(({ state }) => state === 'open')
    const link = oneOf(of === 'open' ? open : [], life.links, back)
    return link ? plan(life, link) : NOTHING
  },
})

const NEW_HASH = bindings.TEST_PASSWORD_HASH.replace(/.{4}$/, 'newA')

export const accepts = (which: Which, how: 'with a password' | 'with their account' | "with Bob's account") =>
  withLink(`accept ${how}`, which, (life, link) => {
    const key = how === "with Bob's account" ? 'bob@acme.test' : link.person.key
    const as = how === 'with a password' ? { hash: NEW_HASH } : { userId: userAt(life, key)?.id ?? 'nobody' }
    return {
      effects: [() => spec.accept(life, link, as)],
      async act(db) {
        if ('hash' in as) return inWord(await accept(db, link.jti, { passwordHash: as.hash, name: null }, SOMEBODY.ip, life.now))
        const session = await newSession()
        if (as.userId !== 'nobody') await insertSession(session, as.userId, null, life.now)
        return inWord(await accept(db, link.jti, { userId: as.userId, secretHash: session.secretHash }, SOMEBODY.ip, life.now))
      },
    }
  })

export const declines = (which: Which, never: boolean) =>
  withLink(never ? 'decline for good' : 'decline', which, (life, link) => ({
    effects: [() => spec.decline(life, link, never)],
    act: async (db) => inWord(await decline(db, link.jti, SOMEBODY, life.now, never)),
  }))

export const renews = (which: Which) =>
  withLink('ask for a fresh one', which, (life, link) => ({
    effects: [() => spec.renew(life, link)],
    act: async (db) => reasonOf(await renew(db, link.jti, SOMEBODY, NO_CAPS, life.now)),
  }))

/** From an IP address of its own, so that only the address is limited. */
export const forgets = (key: string, ip: string): Action => ({
  words: `${key}: forgot my password`,
  plan(life) {
    let passes = false
    const tries = () => {
      passes = spec.tryForgot(life, key)
      return 'done'
    }
    const mails = () => {
      if (passes) spec.mailForgot(life, key)
      return 'done'
    }
    return {
      effects: [tries, mails],
      act: async (db) => reasonOf(await forgotPassword(db, typed(key), ip, NO_CAPS, life.now)),
    }
  },
})

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
    const provider = {
      async send() {
        handedOver++
        if (outcome === 'refused') return { kind: outcome, reason: 'No.' }
        return { kind: outcome, providerId: null, requestId: `request of ${mail.id}` }
      },
    }
    const lease = () => {
      mails.lease(life, mail)
      return '0 sent'
    }
    const settle = () => {
      mail.state = worth ? (outcome === 'refused' ? 'failed' : 'sent') : mails.isLeftAlone(life, mail) ? 'failed' : 'dropped'
      return `${worth ? 1 : 0} sent`
    }
    return {
      effects: ours ? [lease, settle] : [lease],
      async act(_, DB) {
        await deliver({ ...readEnv(bindings), MAIL_PROVIDER: 'local', DB }, { local: () => provider }, mail.id, life.now)
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
      const news = {
        id: `${mail.id}:${kind}`,
        mailId: mail.id,
        requestId: `request of ${mail.id}`,
        kind,
        reason: null,
        at: life.now,
      }
      await recordNews(db, 'local', [news], life.now, life.now)
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
      await remind(db, NO_CAPS, life.now)
      return 'done'
    },
  }),
})
