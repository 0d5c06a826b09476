import { DAY, HOUR, isUsable, type Life, type Link, type Mail, MINUTE, type Person } from './life'

const LIFETIME = 72 * HOUR
const RESET_LIFETIME = 30 * MINUTE

export function send(life: Life, person: Person, kind: Mail['kind'], resend: boolean) {
  const [createdAt, expiresAt] = [life.now, life.now + LIFETIME]
  const link: Link = { jti: '', person, state: 'open', resend, createdAt, expiresAt, remindAt: expiresAt - 2 * DAY }
  life.links.push(link)
  queue(life, kind, person.key, person, link)
}

export function queue(life: Life, kind: Mail['kind'], key: string, person: Person | null, link: Link | null) {
  const fresh = { id: '', state: 'queued' as const, attempts: 0, leasedUntil: 0, heard: new Set<string>() }
  life.mails.push({ kind, key, person, link, at: life.now, ...fresh })
}

const ENDED = new Set(['dropped', 'bounced', 'complained', 'failed'])

/** The Cron's reminders of this moment. */
export function remind(life: Life) {
  for (const link of life.links.filter(({ remindAt }) => remindAt !== null && remindAt <= life.now)) {
    const mails = life.mails.filter((mail) => mail.link === link)
    const worthIt =
      isUsable(life, link) &&
      !life.suppressed.has(link.person.key) &&
      !mails.some(({ kind, state }) => kind === 'reminder' || ENDED.has(state))
    const waits = mails.some(({ state }) => state === 'queued')
    if (worthIt && !waits) queue(life, 'reminder', link.person.key, link.person, link)
    link.remindAt = worthIt && waits ? life.now + HOUR : null
  }
}

/** The first round trip of a delivery. @returns whether it is this one's turn */
export function lease(life: Life, mail: Mail) {
  if (mail.state !== 'queued' || mail.leasedUntil > life.now) return false
  mail.leasedUntil = life.now + MINUTE
  mail.attempts++
  return true
}

export function isWorthSending(life: Life, mail: Mail) {
  if (mail.link) return isUsable(life, mail.link) && !life.suppressed.has(mail.key)
  const newest = life.mails.findLast(({ kind, key }) => kind === 'password_reset' && key === mail.key)
  return mail === newest && mail.at + RESET_LIFETIME > life.now
}

/** The link stands, and whoever invited learns that its address cannot be mailed. */
export const isLeftAlone = (life: Life, { link, key }: Mail) => link !== null && isUsable(life, link) && life.suppressed.has(key)

const RANK = { queued: 0, dropped: 0, sent: 1, deferred: 2, delivered: 3, bounced: 4, failed: 4, complained: 5 }

/** News of a provider: only of a mail that was tried, only once, and only ever forwards. */
export function hear(life: Life, mail: Mail, kind: 'deferred' | 'delivered' | 'bounced' | 'complained') {
  if (mail.attempts === 0 || mail.heard.has(kind)) return
  mail.heard.add(kind)
  if (RANK[kind] > RANK[mail.state]) mail.state = kind
  if (kind === 'complained') life.suppressed.add(mail.key)
}
