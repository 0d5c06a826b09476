import { asc, eq, sql } from 'drizzle-orm'
import { credentials, sessions } from '../../db/schema/identity'
import { as, json } from '../../db/select'
import type { PasskeyDetails } from './passkey'
import type { Visitor } from './session'

/** Everything that the person behind a cookie can prove themselves with, oldest first, without what is secret of it. */
export const ownCredentialsOf = ({ db, secretHash }: Visitor) =>
  db
    .select({
      kind: credentials.kind,
      id: as(credentials.id, 'credential_id'),
      name: credentials.name,
      details: json<Partial<PasskeyDetails>>(sql`coalesce(${credentials.details}, '{}')`, 'credential_details'),
      createdAt: as(credentials.createdAt, 'credential_at'),
      changedAt: credentials.changedAt,
      lastUsedAt: credentials.lastUsedAt,
    })
    .from(sessions)
    .innerJoin(credentials, eq(credentials.userId, sessions.userId))
    .where(eq(sessions.secretHash, secretHash))
    .orderBy(asc(credentials.createdAt))

export type OwnCredential = Awaited<ReturnType<typeof ownCredentialsOf>>[number]

/** A person's credentials by what they are. */
export const sorted = (credentials: OwnCredential[]) => {
  const of = (kind: OwnCredential['kind']) => credentials.filter((each) => each.kind === kind)
  const [passkeys, codes] = [of('passkey'), of('recovery')]
  const [[password], [app]] = [of('password'), of('totp')]
  return { password, passkeys, app, codes, factors: passkeys.length + (app ? 1 : 0) }
}
export type OwnWays = ReturnType<typeof sorted>
