import { expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { run } from '../../../test/database'
import { hasPasskey } from '../../../test/factors'
import { wordsOf } from '../../../test/late'
import { dayOf } from '../../../views/components/when'
import { DAY_MS } from '../../limits'

it('a person’s page says which second factors they have and since when, and not what they call them', async () => {
  const [ada, at, now] = [await signedIn('ada'), Date.now() - 40 * DAY_MS, Date.now()]
  const page = async () => (await ada.get('/w/acme/access/users/bob')).text()
  await hasPasskey('ada')
  expect(wordsOf(await page())).toContain('Second factor None')

  await hasPasskey('bob')
  await run(
    "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('app', 'user-bob', 'totp', 'sealed', ?1, ?1)",
    at,
  )
  await run("UPDATE credentials SET created_at = ?, name = 'Red telephone' WHERE user_id = 'user-bob' AND kind = 'passkey'", at + 1)
  const html = await page()
  expect(wordsOf(html)).toContain(`Second factor Authenticator app, added ${dayOf(at, now)} Passkey, added ${dayOf(at, now)}`)
  for (const theirs of ['Red telephone', 'passkey-bob', 'sealed']) expect(html).not.toContain(theirs)
})
