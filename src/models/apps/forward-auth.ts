import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { SESSION } from '../../limits'
import { sha256 } from '../core/random'
import { touchSession } from '../identity/session'
import { blockedUntil } from '../identity/throttle'
import { answerOf } from './answer'
import { type App, appOf, isSecretOf } from './app'
import { claimsOf } from './claims'
import { failuresOf } from './failures'
import { hostOf } from './hosts'
import { type GrantRow, grantBehind, personOf, standingOf } from './reads'
import { touchGrant } from './signing-in'
import { type TokenRow, tokenOf } from './token'

/** A proxy that asks, for the person of a browser: `value` is the ticket or the code that the browser holds. */
export type ProxyAsks = { clientId: string; secret: string; ip: string; host: string; value: string | undefined }

/** What the proxy has to show before anything is said of anybody. */
type Refusal = { reason: 'blocked'; until: number } | { reason: 'unproven'; known: boolean } | { reason: 'not_its_host' }
export type Forwarded = { app: App; host: string; found: TokenRow | undefined; grant: GrantRow | undefined }

/** Everything that an answer to a proxy rests on, in one batch. */
export async function readForwarded(db: Db, asks: ProxyAsks, now: number): Promise<Forwarded | Refusal> {
  const id = asks.value ? await sha256(asks.value) : ''
  const grantId = sql`SELECT k.grant_id FROM app_tokens k WHERE k.id = ${id}`
  const [[app], [owner], [found], [grant], [gate]] = await db.batch([
    appOf(db, sql`${asks.clientId}`),
    hostOf(db, asks.host),
    tokenOf(db, id),
    grantBehind(db, grantId, now),
    blockedUntil(db, [failuresOf(asks)]),
  ])
  const until = gate?.until ?? 0
  // The right secret is nobody's guess: others in the network of a proxy do not lock it out.
  if (!app || !isSecretOf(app, await sha256(asks.secret), now))
    return until > now ? { reason: 'blocked', until } : { reason: 'unproven', known: !!app }
  if (owner?.appId !== app.id) return { reason: 'not_its_host' }
  return { app, host: asks.host, found, grant: grant?.appId === app.id ? grant : undefined }
}

/** The person whom a ticket of this host names and who may be there now, as the tool is told of them. */
export function admittedBy({ app, host, found, grant }: Forwarded, now: number) {
  const holds = found?.kind === 'ticket' && found.expiresAt > now && found.payload.host === host
  if (!holds || !grant?.counts || answerOf(app, standingOf(grant), now) !== 'yes') return undefined
  return claimsOf(app, personOf(grant, grant.sub), 'id_token')
}
export type Admitted = NonNullable<ReturnType<typeof admittedBy>>

/** Using a tool is using the session that it was signed in to by; noted once a minute, as a page does. */
export const isForwardedTouchDue = ({ grant }: Forwarded, now: number) => (grant?.usedAt ?? now) <= now - SESSION.touchMs

export const touchForwarded = (db: Db, { grant }: Forwarded, now: number) =>
  grant ? db.batch([touchGrant(db, grant.grantId, now), touchSession({ db, now }, grant)]) : Promise.resolve()
