import { inOneLine } from './words'

const ENHANCED = /\b[245]\.(\d{1,3}\.\d{1,3})\b/
const REPLY = /\b[45]\d\d\b/

/**
 * Why a mail server did not take a mail, as one short sentence for an admin: ours where the code says enough, else its own words.
 * Either text may hold the enhanced code (RFC 3463, such as 5.1.1), the reply code, both or neither.
 */
export function bounceInWords(status: string, reason: string): string {
  const text = `${status} ${reason}`
  const [, enhanced = ''] = ENHANCED.exec(text) ?? []
  const known = WORDS[enhanced] ?? WORDS[REPLY.exec(text)?.[0] ?? '']
  if (known) return known
  const said = inOneLine(text)
  return said ? `The mail server says: ${said}` : 'The mail server gave no reason.'
}

const NO_MAILBOX = 'There is no mailbox with this address.'
const NO_DOMAIN = 'The domain of this address takes no mail.'
const FULL = 'The mailbox is full.'
const SILENT = 'The mail server could not be reached.'
const UNWANTED = 'The mail server does not want mail from us.'
const UNPROVEN = 'The mail server could not make sure that the mail is ours (SPF, DKIM or DMARC).'

/** Subject and detail of RFC 3463 and its registry, without the class, and reply codes that are as plain. */
const WORDS: Partial<Record<string, string>> = {
  '1.1': NO_MAILBOX,
  '1.2': NO_DOMAIN,
  '1.3': 'The mail server cannot read this address.',
  '1.6': 'The mailbox has moved away.',
  '1.10': NO_DOMAIN,
  '2.1': 'The mailbox is switched off.',
  '2.2': FULL,
  '2.3': 'The mail is too long for this mailbox.',
  '3.4': 'The mail is too long for the mail server.',
  '4.1': SILENT,
  '4.2': SILENT,
  '4.4': SILENT,
  '4.7': 'The mail server could not be reached in time.',
  '7.1': UNWANTED,
  '7.20': UNPROVEN,
  '7.21': UNPROVEN,
  '7.22': UNPROVEN,
  '7.23': UNPROVEN,
  '7.24': UNPROVEN,
  '7.25': UNPROVEN,
  '7.26': UNPROVEN,
  '421': 'The mail server is busy.',
  '552': FULL,
}
