import { expect, it } from 'vitest'
import { wordsOf } from '../../../views/invite-many/row-words'
import type { Row } from '../../models/invite-many/review'

const SENT = { choice: 'send', outcome: 'sent', reason: null } as Row
const SINCE = { status: 'pending', opened: 0, refused: null } as const
const AT = { self: 'ada', now: 1, over: true }

it.each([
  [SINCE, { title: 'Sent', text: '' }],
  [
    { ...SINCE, opened: 1 },
    { title: 'Sent', text: 'Opened the invitation.' },
  ],
  [
    { ...SINCE, status: 'active' },
    { title: 'Joined', text: '' },
  ],
  [
    { ...SINCE, status: null },
    { title: 'Sent', text: 'This person is not in the workspace any more.' },
  ],
  [
    { ...SINCE, refused: { reason: 'no_mailbox', detail: null } },
    { title: 'Bounced', text: 'There is no mailbox with this address.', isBad: true },
  ],
] as const)('a row that was sent says what has become of it: %j', (since, words) => {
  expect(wordsOf({ ...SENT, since }, AT)).toEqual(words)
})
