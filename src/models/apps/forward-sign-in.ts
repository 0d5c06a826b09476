import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { SESSION } from '../../limits'
import { randomSecret, sha256 } from '../core/random'
import { personOf, type Visitor } from '../identity/session'
import { appNamed } from './asked-app'
import { settleExchange } from './exchange'
import type { Forwarded } from './forward-auth'
import { hostOf } from './hosts'
import { ofLive, signInReads } from './read-sign-in'
import { dropToken, type NewToken } from './signing-in'

/** Where somebody is led back to, and by what the browser that set out is known again: SHA-256 of its nonce. */
export type Way = { host: string; to: string; nonceHash: string }

/** In seconds. */
const CODE_TTL = 60
export const TICKET_TTL = SESSION.absoluteMs / 1000

/** What `readSignIn` reads, and whose the host is. No app where it is not this one's. */
export async function readForwardSignIn(at: Visitor, { clientId, host }: { clientId: string; host: string }) {
  const reads = signInReads(at, appNamed(clientId))
  const [[app], [row], [person], [owner]] = await at.db.batch([reads.app, reads.row, personOf(at), hostOf(at.db, host)])
  return { app: owner?.appId === app?.id ? app : undefined, ...ofLive(person, row) }
}

/** A code for the browser that set out, which counts once and for a minute. */
export async function newForwardCode(grantId: string, { host, to, nonceHash }: Way): Promise<{ code: string; token: NewToken }> {
  const code = randomSecret()
  const payload = { grantId, host, to, nonceHash }
  return { code, token: { id: await sha256(code), kind: 'forward_code', payload, ttl: CODE_TTL } }
}

/**
 * Gives a ticket for a code that a browser brings back. @returns no ticket where the code is not for this app, host and browser, and none where it has
 * been used: whatever it gave ends then
 */
export async function ticketFor(db: Db, forwarded: Forwarded, nonce: string, now: number) {
  const { found, grant, host } = forwarded
  const isTheirs = found?.kind === 'forward_code' && grant && found.payload.host === host
  if (!isTheirs || found.payload.nonceHash !== (await sha256(nonce))) return undefined
  const ticket = randomSecret()
  const payload = { grantId: grant.grantId, host }
  const kept = { id: await sha256(ticket), kind: 'ticket', payload, ttl: TICKET_TTL }
  const writes = [
    { kind: 'use' as const, id: found.id },
    { kind: 'keep' as const, token: kept },
  ]
  const settled = await settleExchange(db, { writes, grantId: grant.grantId }, now)
  return settled === 'kept' ? { ticket, to: String(found.payload.to) } : undefined
}

/** Nobody goes on by it, whoever has copied it. Other browsers, and other hosts of the app, keep theirs. */
export const endTicket = async (db: Db, { found, grant }: Forwarded) =>
  grant && found?.kind === 'ticket' ? db.batch([dropToken(db, found.id, sql`true`)]) : []
