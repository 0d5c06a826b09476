import type { DomainReason } from '../../src/mail/domain/sender-domain'

export type Verdict = 'good' | 'fix' | 'unknown'

/** What each finding means, and what fixes it; the record to publish is shown beneath. */
export const FINDINGS: Record<DomainReason, { verdict: Verdict; text: string }> = {
  spf_good: { verdict: 'good', text: 'The provider may send for your domain.' },
  spf_missing: { verdict: 'fix', text: 'Nothing says who may send for your domain. Add this record.' },
  spf_incomplete: { verdict: 'fix', text: 'The record does not name the provider. Replace it with this one.' },
  spf_several: {
    verdict: 'fix',
    text: 'There is more than one record, so receivers ignore all of them. Replace them with this one.',
  },
  dkim_good: { verdict: 'good', text: 'The key that signs the email is published.' },
  dkim_missing: { verdict: 'fix', text: 'The key that signs the email is not published. Add this record.' },
  dkim_other_key: {
    verdict: 'fix',
    text: 'The published key is not the one that signs the email. Replace it with this record.',
  },
  dkim_unset: {
    verdict: 'fix',
    text: 'The email is not signed for your domain. Set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY; this page then shows the record to add.',
  },
  dkim_not_onboarded: {
    verdict: 'fix',
    text: 'The domain is not set up for sending. In the Cloudflare dashboard open Email Service, Email Sending, Onboard Domain. It adds the records for you.',
  },
  dmarc_good: { verdict: 'good', text: 'A policy for forged email is published.' },
  dmarc_missing: {
    verdict: 'fix',
    text: 'No policy for forged email is published. Add this record, and tighten it once email arrives reliably.',
  },
  lockdown_good: { verdict: 'good', text: 'Other MailChannels accounts cannot send for your domain.' },
  lockdown_missing: {
    verdict: 'fix',
    text: 'Any MailChannels account can send for your domain. Add this record. The account ID is at the bottom of the MailChannels console.',
  },
  lockdown_others: {
    verdict: 'fix',
    text: 'The record allows other MailChannels accounts, not ours. Replace it with this one.',
  },
  unreachable: { verdict: 'unknown', text: 'Could not check DNS just now. Reload this page in a moment.' },
}
