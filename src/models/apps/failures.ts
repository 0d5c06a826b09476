import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { APP_FAILURES } from '../../limits'
import { countTry, networkOf, type Throttle } from '../identity/throttle'

type Failing = { clientId: string; ip: string }

/** An app from this network, so that nobody locks it out from elsewhere; and the network, whatever app it says it is. */
const ofOne = ({ clientId, ip }: Failing): Throttle => ({
  ...WINDOW,
  key: `app:${clientId}:${networkOf(ip)}`,
  free: APP_FAILURES.ofOne,
})
const ofNetwork = ({ ip }: Failing): Throttle => ({ ...WINDOW, key: `app:ip:${networkOf(ip)}`, free: APP_FAILURES.ofNetwork })

const WINDOW = { windowMs: APP_FAILURES.windowMs, doubling: false }

/** What counts that an app fails to prove itself. Codes and tokens are not guessed: they are random. */
export const failuresOf = (failing: Failing): Throttle[] => [ofOne(failing), ofNetwork(failing)]

/** For an app that there is not, nothing is kept but for the network. */
export const countFailure = (db: Db, failing: Failing, now: number) =>
  db.batch([
    countTry({ db, now }, ofOne(failing), sql`apps WHERE id = ${failing.clientId}`),
    countTry({ db, now }, ofNetwork(failing)),
  ])
