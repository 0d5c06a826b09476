import { type Client, signedIn } from './client'
import { run } from './database'

const ORIGIN = 'https://latchkey.test'
/** As long as a session may be idle. */
export const HALF_AN_HOUR_MS = 30 * 60_000

/** An admin's browser whose session has been idle for too long. */
export async function idleAda() {
  const ada = await signedIn('ada')
  await run("UPDATE sessions SET last_seen_at = last_seen_at - ? WHERE user_id = 'user-ada'", HALF_AN_HOUR_MS)
  return ada
}

/** Longer ago than a proof of who somebody is counts. */
export const unproven = () =>
  run('UPDATE sessions SET created_at = created_at - ?1, proved_at = 0, factor_at = max(0, factor_at - ?1)', 10 * 60_000)

/** The page with a form that somebody types much into, and what they typed. */
export const FORM_PAGE = '/w/acme/access/invitations/new'
export const TYPED = { email: 'nell@acme.test', role: 'user', note: 'Welcome, Nell' }

export const sendFrom = (client: Client, page = FORM_PAGE) =>
  client.post('/w/acme/access/invitations', TYPED, { headers: { Referer: ORIGIN + page } })

/** What a person reads of a page. */
export const wordsOf = (page: string) =>
  page
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' .', '.')

export const draftIn = (page: string) => page.match(/name="draft" value="([^"]+)"/)?.[1] ?? ''
