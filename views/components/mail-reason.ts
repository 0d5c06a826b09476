import type { MailReason } from '../../src/models/mail/mail-reason'

/** Why an email did not arrive or has not gone out, as one sentence for an admin. Undefined where nothing is known. */
export function mailReasonInWords({ reason, detail }: { reason: MailReason | null; detail: string | null }): string | undefined {
  const words = reason && WORDS[reason]
  if (!words) return undefined
  return typeof words === 'string' ? words : words(detail || 'it gave no reason.')
}

/** Those with a detail end in the other side's own words. */
const WORDS: Record<MailReason, string | ((detail: string) => string)> = {
  no_mailbox: 'There is no mailbox with this address.',
  no_domain: 'The domain of this address does not accept email.',
  domain_unknown: 'The domain of this address does not exist. Check the spelling.',
  unreadable_address: 'The mail server cannot read this address.',
  mailbox_moved: 'The mailbox has moved to another address.',
  mailbox_off: 'The mailbox is disabled.',
  mailbox_full: 'The mailbox is full.',
  too_long_for_mailbox: 'The email is too large for this mailbox.',
  too_long_for_server: 'The email is too large for the mail server.',
  server_unreachable: 'The mail server could not be reached.',
  server_too_slow: 'The mail server could not be reached in time.',
  server_busy: 'The mail server was busy or asked to try again later.',
  unwanted: 'The mail server does not accept email from us.',
  unproven: 'The mail server could not verify that the email is from us (SPF, DKIM or DMARC).',
  spam: 'The mail server took the email for spam.',
  server_said: (detail) => `The mail server says: ${detail}`,
  server_silent: 'The mail server gave no reason.',
  suppressed: 'This address cannot be emailed.',
  our_trouble: 'Something went wrong on our side.',
  provider_unreachable: 'The email provider could not be reached.',
  provider_status: (detail) => `The email provider answered ${detail}`,
  provider_slow_down: 'The email provider asks us to send more slowly.',
  provider_daily_limit: 'The daily limit of our account at the email provider is reached.',
  provider_puzzling: 'The email provider gave an answer that we do not understand.',
  provider_refused: (detail) => `The email provider did not send it: ${detail}`,
  provider_suppressed: 'The email provider did not send it: email to this address bounced before, or its owner complained.',
  misconfigured_key: 'The email provider does not accept our API key.',
  misconfigured_account: 'The email provider does not send for our account at present.',
  misconfigured_domain:
    'The email provider does not accept our API key, or our account may not send for the domain of MAIL_FROM (Domain Lockdown).',
  misconfigured_url: 'The email provider is not where MAILCHANNELS_BASE_URL says.',
  misconfigured_binding: 'This deployment has no send_email binding named EMAIL.',
  misconfigured_sender: 'The email provider does not send for the domain of MAIL_FROM: it is not set up or verified there.',
  misconfigured_recipients: 'The send_email binding allows only certain recipients.',
  misconfigured_refusal: (detail) => `The email provider refused it: ${detail}`,
}
