import { expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { run } from '../../../test/database'

const MINUTE_MS = 60_000
const WORDS = ['Emails are not going out.', 'Emails are delayed.']

it.each([
  ['misconfigured_key', 1, WORDS[0]],
  ['provider_status', 16, WORDS[1]],
  ['provider_status', 14, undefined],
  [null, 1, undefined],
])('an email queued because of %s for %i minutes makes the user table say: %s', async (reason, minutes, words) => {
  await run("UPDATE mails SET state = 'queued', reason = ?, created_at = ?", reason, Date.now() - minutes * MINUTE_MS)
  const page = await (await (await signedIn('ada')).get('/w/acme/access/users')).text()
  expect(WORDS.filter((each) => page.includes(each))).toEqual(words ? [words] : [])
  expect(page.includes('Check what is wrong')).toBe(!!words)
})

it('what another workspace cannot send is not told here', async () => {
  await run("UPDATE mails SET state = 'queued', reason = 'misconfigured_key'")
  const page = await (await (await signedIn('cat')).get('/w/globex/access/users')).text()
  for (const words of WORDS) expect(page).not.toContain(words)
})
