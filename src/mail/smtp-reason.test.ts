import { describe, expect, it } from 'vitest'
import { mailReasonInWords } from '../../views/components/mail-reason'
import { bounceReason } from './smtp-reason'

describe('why a mail came back', () => {
  it.each([
    ['5.1.1', '', 'There is no mailbox with this address.'],
    ['550', '550 5.1.1 <pia@acme.test>: Recipient address rejected: User unknown', 'There is no mailbox with this address.'],
    ['5.2.2', 'over quota', 'The mailbox is full.'],
    ['', '452 4.2.2 over quota', 'The mailbox is full.'],
    ['421', '', 'The mail server is busy.'],
    ['5.1.10', '', 'The domain of this address does not accept email.'],
    ['5.7.1', '', 'The mail server does not want email from us.'],
    ['', '', 'The mail server gave no reason.'],
    ['554', 'Rejected <pia@acme.test>\r\n\u202esee https://evil.example/why?x=1\u0000', 'The mail server says: 554 Rejected see'],
    ['', 'x'.repeat(500), `The mail server says: ${'x'.repeat(159)}…`],
  ])('as "%s" "%s" is said as: %s', (status, reason, words) => {
    expect(mailReasonInWords(bounceReason({ status, reason }))).toBe(words)
  })
})
