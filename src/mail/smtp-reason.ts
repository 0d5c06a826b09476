import type { MailReason, Why } from '../models/mail/mail-reason'
import { because } from './provider'
import { inOneLine } from './words'

const ENHANCED = /\b[245]\.(\d{1,3}\.\d{1,3})\b/
const REPLY = /\b[45]\d\d\b/

/**
 * Why a mail server did not take a mail: a reason of ours where the code says enough, else its own words.
 * Either text may hold the enhanced code (RFC 3463, such as 5.1.1), the reply code, both or neither.
 */
export function bounceReason({ status, reason }: { status: string; reason: string }): Why {
  const text = `${status} ${reason}`
  const [, enhanced = ''] = ENHANCED.exec(text) ?? []
  const known = REASONS[enhanced] ?? REASONS[REPLY.exec(text)?.[0] ?? '']
  if (known) return because(known)
  const said = inOneLine(text)
  return said ? because('server_said', said) : because('server_silent')
}

/** Subject and detail of RFC 3463 and its registry, without the class, and reply codes that are as plain. */
const REASONS: Partial<Record<string, MailReason>> = {
  '1.1': 'no_mailbox',
  '1.2': 'no_domain',
  '1.3': 'unreadable_address',
  '1.6': 'mailbox_moved',
  '1.10': 'no_domain',
  '2.1': 'mailbox_off',
  '2.2': 'mailbox_full',
  '2.3': 'too_long_for_mailbox',
  '3.4': 'too_long_for_server',
  '4.1': 'server_unreachable',
  '4.2': 'server_unreachable',
  '4.4': 'server_unreachable',
  '4.7': 'server_too_slow',
  '7.1': 'unwanted',
  '7.20': 'unproven',
  '7.21': 'unproven',
  '7.22': 'unproven',
  '7.23': 'unproven',
  '7.24': 'unproven',
  '7.25': 'unproven',
  '7.26': 'unproven',
  '421': 'server_busy',
  '552': 'mailbox_full',
}
