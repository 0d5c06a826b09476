import { cannotBeMailed, DAY, HOUR, isUsable, type Life, type Link, type Mail, MINUTE, type Person, type Reset } from './life'

const LIFETIME = 72 * HOUR
const RESET_LIFETIME = 30 * MINUTE
const RESET_WAITS = 6 * HOUR
const NEWS_LIFETIME = 72 * HOUR

export function send(life: Life, person: Person, kind: Mail['kind'], how: Link['kind']) {
  const lifetime = Math.min(LIFETIME, (person.endsAt ?? Number.POSITIVE_INFINITY) - life.now)
  const [createdAt, expiresAt] = [life.now, life.now + lifetime]
  const remindAt = lifetime > 2 * DAY ? expiresAt - 2 * DAY : null
  const link: Link = { jti: '', person, state: 'open', kind: how, copied: null, createdAt, expiresAt, remindAt }
  life.links.push(link)
  queue(life, { kind, key: person.key, person, link })
}

type Occasion = Pick<Mail, 'kind' | 'key'> & Partial<Pick<Mail, 'person' | 'link' | 'reset'>>

export function queue(life: Life, { person = null, link = null, reset = null, ...mail }: Occasion) {
  const fresh = { id: '', state: 'queued' as const, attempts: 0, leasedUntil: 0, heard: new Set<string>() }
  life.mails.push({ ...mail, person, link, reset, at: life.now, ...fresh })
}

/** A reset link kills the one before it. */
export function sendReset(life: Life, key: string) {
  supersedeResets(life, key)
  const reset: Reset = { jti: '', key, at: life.now, until: life.now + RESET_LIFETIME, state: 'open' }
  life.resets.push(reset)
  queue(life, { kind: 'password_reset', key, reset })
}

export function supersedeResets({ resets }: Life, key: string) {
  for (const reset of resets) if (reset.key === key && reset.state === 'open') reset.state = 'superseded'
}

export const resetWorks = ({ now }: Life, { state, until }: Reset) => state === 'open' && until > now

/** Its email may still go out, and then it works for its full time. */
const resetWaits = ({ now }: Life, { state, at }: Reset) => state === 'open' && at + RESET_WAITS > now

const ENDED = new Set(['dropped', 'bounced', 'complained', 'failed'])

/** The Cron's reminders of this moment. */
export function remind(life: Life) {
  for (const link of life.links.filter(({ remindAt }) => remindAt !== null && remindAt <= life.now)) {
    const mails = life.mails.filter((mail) => mail.link === link)
    const worthIt =
      isUsable(life, link) &&
      !cannotBeMailed(life, link.person.key) &&
      !mails.some(({ kind, state }) => kind === 'reminder' || ENDED.has(state))
    const waits = mails.some(({ state }) => state === 'queued')
    if (worthIt && !waits) queue(life, { kind: 'reminder', key: link.person.key, person: link.person, link })
    link.remindAt = worthIt && waits && link.expiresAt > life.now + HOUR ? life.now + HOUR : null
  }
}

/** The first round trip of a delivery. @returns whether it is this one's turn */
export function lease(life: Life, mail: Mail) {
  if (mail.state !== 'queued' || mail.leasedUntil > life.now) return false
  mail.leasedUntil = life.now + MINUTE
  mail.attempts++
  if (mail.reset && resetWaits(life, mail.reset)) mail.reset.until = life.now + RESET_LIFETIME
  return true
}

/** What an account is told is sent to any address; an invitation only to one that may be emailed. */
export function isWorthSending(life: Life, mail: Mail) {
  if (mail.link) return isUsable(life, mail.link) && !cannotBeMailed(life, mail.key)
  return mail.reset ? resetWaits(life, mail.reset) || resetWorks(life, mail.reset) : mail.at + NEWS_LIFETIME > life.now
}

/** The link works, and whoever invited learns that its address cannot be emailed. */
export const isLeftOut = (life: Life, { link, key }: Mail) => link !== null && isUsable(life, link) && cannotBeMailed(life, key)

const RANK = { queued: 0, dropped: 0, sent: 1, deferred: 2, delivered: 3, bounced: 4, failed: 4, complained: 5 }

/** News of a provider: only of a mail that was tried, only once, and only ever forwards. */
export function hear(life: Life, mail: Mail, kind: 'deferred' | 'delivered' | 'bounced' | 'complained') {
  if (mail.attempts === 0 || mail.heard.has(kind)) return
  mail.heard.add(kind)
  if (RANK[kind] > RANK[mail.state]) mail.state = kind
  if (kind === 'complained') life.unwanted.anywhere.add(mail.key)
}
