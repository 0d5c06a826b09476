import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const VERIFIES = /(?<!function )\bverify(Password|Code|Passkey)\(/
const COUNTS = /\b(countProof|sessionTry|failInSession)\(/

it('no file verifies a password, a code or a passkey that does not count the try', () => {
  const files = globSync('src/**/*.{ts,tsx}').filter((file) => !file.includes('.test.'))
  const verifying = files.filter((file) => VERIFIES.test(readFileSync(file, 'utf8')))

  expect(verifying.toSorted()).toEqual([
    'src/models/identity/confirm.ts',
    'src/models/identity/factor-link-password.ts',
    'src/models/identity/passkey-sign-in.ts',
    'src/models/identity/second-step.ts',
    'src/models/identity/sign-in.ts',
    'src/routes/identity/own-password.ts',
  ])
  expect(verifying.filter((file) => !COUNTS.test(readFileSync(file, 'utf8')))).toEqual([])
})
