import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { all, dump } from './database'
import { withoutPresence } from './presence'
import { type Caller, call, caller, getters, pathOf, routeNamed } from './routes'

/** The founder comes last: nobody else is left in their world. */
const CALLERS: Caller[] = ['anyone', 'user', 'admin', 'invitee', 'resetter', 'joiner', 'founder']

/** That somebody signed in was on a page of their own is noted; of anybody else nothing is. */
const PRESENT: Caller[] = ['user', 'admin', 'joiner']

async function everything(who: Caller) {
  const rows = await dump()
  return { rows: PRESENT.includes(who) ? withoutPresence(rows) : rows, keys: await env.USED_TOKENS.list() }
}

it.each(getters)('%s and its HEAD change no row and no key, whoever asks', async (name) => {
  const path = await pathOf(name)
  // In the founder's world no Cron has run yet, which a monitor is told.
  const watched = routeNamed(name).by === 'monitor'
  for (const who of CALLERS.filter((each) => !(watched && each === 'founder'))) {
    const client = await caller(who)
    await all('UPDATE sessions SET last_seen_at = last_seen_at - 120000')
    const before = await everything(who)
    for (const method of ['GET', 'HEAD']) {
      const answer = await call(client, name, { method, path })
      expect(answer.status, `${method} as ${who}`).toBeLessThan(500)
      if (method === 'HEAD') expect(await answer.text()).toBe('')
    }
    expect(await everything(who), who).toEqual(before)
  }
})
