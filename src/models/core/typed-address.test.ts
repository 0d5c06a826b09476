import { expect, it } from 'vitest'
import { readEmail } from './typed-address'

const [TYPO, MEANT] = ['zoe@gmial.com', 'zoe@gmail.com']
const doubt = { reason: 'likely_typo', suggestion: MEANT }

it('a correction is offered once, and whoever sends the same address again keeps it', () => {
  expect(readEmail({ email: TYPO })).toEqual({ email: TYPO, doubt })
  expect(readEmail({ email: TYPO, asked: TYPO })).toEqual({ address: { email: TYPO, key: TYPO } })
  expect(readEmail({ email: `y${TYPO}`, asked: TYPO })).toMatchObject({ doubt: { suggestion: `y${MEANT}` } })
})

it('a correction that was taken is filled in, unless another address was typed since', () => {
  expect(readEmail({ email: TYPO, asked: TYPO, instead: MEANT })).toEqual({ email: MEANT, doubt: undefined })
  expect(readEmail({ email: 'yan@acme.test', asked: TYPO, instead: MEANT })).toMatchObject({ address: { key: 'yan@acme.test' } })
})

it('what is no address is refused however often it is sent', () => {
  const email = 'zoe @acme.test'
  const refused = { email, doubt: { reason: 'space_inside', suggestion: 'zoe@acme.test' } }
  expect(readEmail({ email })).toEqual(refused)
  expect(readEmail({ email, asked: email })).toEqual(refused)
})
