import type { DomainReason } from '../../src/mail/domain/sender-domain'

export type Verdict = 'good' | 'mend' | 'unknown'

/** What each finding means, and what mends it; the record to publish stands beneath. */
export const FINDINGS: Record<DomainReason, { verdict: Verdict; text: string }> = {
  spf_good: { verdict: 'good', text: 'The provider may send for your domain.' },
  spf_missing: { verdict: 'mend', text: 'Nothing says who may send for your domain. Add this record.' },
  spf_incomplete: { verdict: 'mend', text: 'The record does not name the provider. Replace it by this one.' },
  spf_several: {
    verdict: 'mend',
    text: 'There is more than one record, so receivers heed none of them. Replace them by this one.',
  },
  dkim_good: { verdict: 'good', text: 'The key that signs the mail is published.' },
  dkim_missing: { verdict: 'mend', text: 'The key that signs the mail is not published. Add this record.' },
  dkim_other_key: {
    verdict: 'mend',
    text: 'Another key is published than the one that signs the mail. Replace it by this record.',
  },
  dkim_unset: {
    verdict: 'mend',
    text: 'The mail is not signed for your domain. Set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY; this page then shows the record to add.',
  },
  dkim_not_onboarded: {
    verdict: 'mend',
    text: 'The domain is not set up for sending. In the Cloudflare dashboard open Email Service, Email Sending, Onboard Domain: it adds the records itself.',
  },
  dmarc_good: { verdict: 'good', text: 'A policy for forged mail is published.' },
  dmarc_missing: {
    verdict: 'mend',
    text: 'No policy for forged mail is published. Add this record, and make it stricter once all is well.',
  },
  lockdown_good: { verdict: 'good', text: 'Other MailChannels accounts cannot send for your domain.' },
  lockdown_missing: {
    verdict: 'mend',
    text: 'Nothing says which MailChannels account may send for your domain. Add this record; the account ID stands at the foot of the MailChannels panel.',
  },
  lockdown_others: {
    verdict: 'mend',
    text: 'The record lets other MailChannels accounts send, and not ours. Replace it by this one.',
  },
  unreachable: { verdict: 'unknown', text: 'DNS could not be asked just now. Load the page again in a moment.' },
}
