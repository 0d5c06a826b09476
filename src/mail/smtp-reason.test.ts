import { describe, expect, it } from 'vitest'
import { REPLIES } from '../../test/smtp-replies'
import { mailReasonInWords } from '../../views/components/mail-reason'
import { bounceReason } from './smtp-reason'

const ROWS = Object.entries(REPLIES).flatMap(([meaning, rows]) => rows.map((row) => ({ meaning, row, ...partsOf(row) })))

function partsOf(row: string) {
  const [status = '', reason = ''] = row.split(' | ')
  return { status: status.trim(), reason }
}

const said = (reply: { status: string; reason: string }) => mailReasonInWords(bounceReason(reply))

/** `npm run bounces` prints these lines: the reply, and what an admin reads. */
describe('the reply', () => {
  // Not `it.each`, which would cut the lines.
  for (const { meaning, row, ...reply } of ROWS)
    it(`${JSON.stringify(row)} is said as: ${said(reply)}`, () => {
      expect(bounceReason(reply).reason).toBe(meaning)
    })

  it('is one of at least 150, none twice', () => {
    expect(new Set(ROWS.map(({ row }) => row)).size).toBe(ROWS.length)
    expect(ROWS.length).toBeGreaterThanOrEqual(150)
  })

  it.each(['from [5.1.1.23]', 'see https://mx.acme.test/4.2.2', '(mx 5.2.2)', 'to quota.no-such-user@acme.test'])(
    'means the same with "%s" behind its words',
    (noise) => {
      const worded = ROWS.filter(({ reason }) => /[a-z]{2}/i.test(reason))
      const misread = worded.filter(({ meaning, status, reason }) => {
        return bounceReason({ status, reason: `${reason} ${noise}` }).reason !== meaning
      })
      expect(misread).toEqual([])
    },
  )
})

describe('what only the server can explain', () => {
  it.each([
    ['554', 'Rejected <pia@acme.test>\r\n\u202esee https://evil.example/why?x=1\u0000', 'The mail server says: 554 Rejected see'],
    ['550', '550 Envelope blocked', 'The mail server says: 550 Envelope blocked'],
    ['', 'x'.repeat(500), `The mail server says: ${'x'.repeat(159)}…`],
    ['', '', 'The mail server gave no reason.'],
  ])('is said in its own words: "%s" "%s"', (status, reason, words) => {
    expect(said({ status, reason })).toBe(words)
  })
})

const HOSTILE = ['a.', 'a', '-a', 'mailbox of a', 'boite ', "n't have a ", '<a']

it('hundreds of replies of a hostile server, as long as a form, keep nobody waiting', async () => {
  const replies = HOSTILE.map((part) => ({ status: '', reason: part.repeat(65_536 / part.length) }))
  // The clock of a Worker stands still while it works, also since the test before.
  await scheduler.wait(1)
  const start = Date.now()
  for (let i = 0; i < 50; i++) for (const reply of replies) bounceReason(reply)
  await scheduler.wait(1)
  expect(Date.now() - start).toBeLessThan(3000)
})
