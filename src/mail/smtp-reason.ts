import type { MailReason, Why } from '../models/mail/mail-reason'
import { because } from './provider'
import { inOneLine, withoutAddresses } from './words'

/**
 * A reply code and the enhanced code right behind it, of the same class (RFC 3463): `550 5.1.1`, `550-5.1.1`, `smtp;550 #5.1.1`. Nothing else is
 * one: IP addresses, versions and URLs look alike.
 */
const CODES = /(?:^|;|: )\s*([45])\d\d[ -]#?\1\.(\d{1,3}\.\d{1,3})(?![\d.])/
const STATUS = /^\s*([45])\.(\d{1,3}\.\d{1,3})(?![\d.])/
const REPLY = /(?:^|;|: )\s*(([45])\d\d)(?![\d.])/

/** A reply is a stranger's, and says what it has to say within a few lines of 512 octets (RFC 5321 4.5.3.1.5). */
const READ_CHARACTERS = 2000

/**
 * Why a mail server did not take a mail: a reason of ours where it is sure, else the server's own words. What it says in words goes before its
 * codes, which servers use as they like. `status` is an enhanced or a reply code, `reason` the reply; either may be empty.
 */
export function bounceReason(reply: { status: string; reason: string }): Why {
  const [status, reason] = [reply.status.slice(0, READ_CHARACTERS), reply.reason.slice(0, READ_CHARACTERS)]
  const said = reason.includes(status) ? reason : `${status} ${reason}`
  const known = reasonOf({ ...codesOf(status, reason), words: withoutAddresses(reason) })
  if (known && known !== 'server_said') return because(known)
  const detail = inOneLine(said)
  return detail ? because('server_said', detail) : because('server_silent')
}

type Reply = { temporary: boolean; enhanced: string | undefined; code: string; words: string }

function codesOf(status: string, reason: string): Omit<Reply, 'words'> {
  const [, severity, enhanced] = STATUS.exec(status) ?? CODES.exec(status) ?? CODES.exec(reason) ?? []
  const [, code = '', first] = REPLY.exec(status) ?? REPLY.exec(reason) ?? []
  return { temporary: (severity ?? first) === '4', enhanced, code }
}

function reasonOf({ temporary, enhanced, code, words }: Reply): MailReason | undefined {
  const cue = CUES.find(([pattern]) => pattern.test(words))?.[1]
  if (temporary) return ofTemporary(cue, enhanced)
  if (enhanced === '4.1') return /access denied/i.test(words) ? 'no_mailbox' : cue
  return cue ?? ENHANCED[enhanced ?? ''] ?? (isBare(words) ? BARE[enhanced ?? code] : undefined)
}

/** A reply that the server may take back tells nothing of the address for good, only that it was not the time, or how it minds us. */
function ofTemporary(cue: MailReason | undefined, enhanced: string | undefined): MailReason {
  if (cue === 'unproven' || cue === 'spam' || cue === 'server_said') return 'server_said'
  if (cue === 'mailbox_full' || cue === 'server_unreachable' || cue === 'server_too_slow') return cue
  return cue === undefined && enhanced === '2.2' ? 'mailbox_full' : 'server_busy'
}

/** Nothing but codes. */
const isBare = (words: string) => !/\p{L}{2}/u.test(words)

/** What servers say in words, the first that fits; what only they can explain is left in their own. */
const CUES: [RegExp, MailReason][] = [
  [/grey-?list|try(ing)? again|(too many|excessive|per) (recent |concurrent )?(messages|connections|hour|volume)/i, 'server_busy'],
  [/\brate\b|rate.?limit|too (quickly|fast|frequent)|frequency|queue quota|limit for the number of messages/i, 'server_busy'],
  [/\b(dmarc|spf|dkim)\b(?![:= ]*pass)|unauthenticated|not authenticated/i, 'unproven'],
  [/sender (address|domain)|(invalid|unknown|of|spam) sender|mail ?from\b|\b[eh][eh]lo\b|reverse dns|\bptr\b|rdns/i, 'server_said'],
  [
    /relay(?!=)|loop|too many hops|spoof|virus|malware|attachment|dns mx|host\b.{0,40}\bblock|block(ed)? (for|using)/i,
    'server_said',
  ],
  [/over.?quota|quota (exceeded|violation|is full)|exceed\w* (its |their |the )?(storage|quota|mailbox)/i, 'mailbox_full'],
  [/mailbox( of \S+| for \S+)?( is| was)? full|(mail)?box size limit|out of (storage|space)|boite .*pleine/i, 'mailbox_full'],
  [/(message|mail|size)\b.{0,30}\b(too (large|big|long)|exceed\w*\b.{0,30}(size|maximum|limit))/i, 'too_long_for_server'],
  [/\bspam\b|spam(my|ming)|unsolicited|junk mail|looks like bulk/i, 'spam'],
  [/block(ed|ing|list)?\b(?! due to inactivity)|black.?list|spamhaus|banned|reputation|abuse|policy|policies/i, 'server_said'],
  [/prohibit|not (allowed|permitted)|suspicious|denied by|go away/i, 'server_said'],
  [/null ?mx|no (mx|data) record|domain\b.{0,40}(does ?n.t|does not|cannot) (accept|receive) /i, 'no_domain'],
  [/(host|domain)( or domain)?( name)? (was )?not found|no such (domain|host)|nxdomain|unknown (domain|host)/i, 'domain_unknown'],
  [/domain\b.{0,30}(does not|does ?n.t|no longer) exist|no.domain\b|(invalid|bad) (destination )?(domain|host)/i, 'domain_unknown'],
  [/connection (refused|timed out|timeout)|no (answer|route)|unreachable|could not (connect|be reached)/i, 'server_unreachable'],
  [/(delivery|message|queue|retry)\b.{0,20}\b(time )?expired|retry time(out)? exceeded/i, 'server_too_slow'],
  [/(mailbox|account|user|recipient|address)\b.{0,60}\b(disabled|inactiv\w*|deactivated|suspended|closed)/i, 'mailbox_off'],
  [/rfc.?\d*.?5321|syntax|malformed|unparsable|invalid address/i, 'unreadable_address'],
  [/has moved|moved (to|away)/i, 'mailbox_moved'],
  [
    /no such (user|recipient|mailbox|address|account|person)|(user|addressee|recipient)\b.{0,12}\b(unknown|not known)/i,
    'no_mailbox',
  ],
  [/unknown (user|recipient|mailbox|address|local)|invalid.(recipient|mailbox|user)|marked as invalid/i, 'no_mailbox'],
  [/(user|account|mailbox|recipient|address)\b.{0,50}\b(not (be )?(exist|found)|n.t exist|unallocated|no longer)/i, 'no_mailbox'],
  [/no longer valid|n.t have an? .*account|no (mailbox|user|account) (here|by|with)|not in recipient list/i, 'no_mailbox'],
  [/recipient ?not ?found/i, 'no_mailbox'],
]

/** Subject and detail of RFC 3463 and its registry in class 5. Exchange says 5.1.10 of mailboxes that are not there. */
const ENHANCED: Partial<Record<string, MailReason>> = {
  '1.1': 'no_mailbox',
  '1.2': 'no_domain',
  '1.3': 'unreadable_address',
  '1.6': 'mailbox_moved',
  '1.10': 'no_mailbox',
  '2.1': 'mailbox_off',
  '2.2': 'mailbox_full',
  '2.3': 'too_long_for_mailbox',
  '3.4': 'too_long_for_server',
  '4.4': 'server_unreachable',
  '4.7': 'server_too_slow',
  '7.20': 'unproven',
  '7.21': 'unproven',
  '7.22': 'unproven',
  '7.23': 'unproven',
  '7.24': 'unproven',
  '7.26': 'unproven',
}

/** Where not a word is beside it. */
const BARE: Partial<Record<string, MailReason>> = { '7.1': 'unwanted', '552': 'mailbox_full' }
