import { eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { credentials, users } from '../../db/schema/identity'
import { as } from '../../db/select'
import { CHALLENGE_MS } from '../../limits'
import type { NewFactor } from './add-factor'
import type { Assertion, Attestation, Transport } from './passkey-response'
import type { Verified } from './verified'

type Site = { APP_ORIGIN: string }
type Taken = { challenge: string } | undefined
export type PasskeyRefusal = { reason: 'wrong' | 'cloned' }
/** What is kept of a passkey, but for the name that its person gives it: its `secret` is its public key, COSE in base64url. */
export type NewPasskey = Omit<Extract<NewFactor, { kind: 'passkey' }>, 'name'>
/** Of a passkey: how its browser reached it, and whether its maker keeps a copy. */
export type PasskeyDetails = { transports: Transport[]; backedUp: 0 | 1 }

/** ES256, EdDSA and RS256: together they are what every authenticator can do (WebAuthn 3, 5.4). */
const ALGORITHMS = [-7, -8, -257]

/** Loaded when it is first needed, so that a Worker starts without it. */
const webAuthn = () => import('@simplewebauthn/server')

/** Passkeys are for a host, whatever its port. */
const rpIdOf = ({ APP_ORIGIN }: Site) => new URL(APP_ORIGIN).hostname

const details = sql<PasskeyDetails>`${credentials.details}`
  .mapWith((text: string): PasskeyDetails => JSON.parse(text))
  .as('details')

/** At most one row: the passkey with this id, and whose it is. */
export const passkeyOf = (db: Db, credentialId: string) =>
  db
    .select({
      id: as(credentials.id, 'credential_id'),
      userId: as(users.id, 'user_id'),
      email: users.email,
      emailKey: users.emailKey,
      publicKey: credentials.secret,
      counter: credentials.counter,
      details,
    })
    .from(credentials)
    .innerJoin(users, eq(users.id, credentials.userId))
    // The index is of passkeys only, and takes no parameter for it.
    .where(sql`${credentials.id} = ${credentialId} AND ${credentials.kind} = 'passkey'`)

export type FoundPasskey = Awaited<ReturnType<typeof passkeyOf>>[number]

/**
 * Whether the passkey `row` signed the challenge that was just taken, here, with the person verified by their device. `cloned`: it signed, and it
 * had counted further before, so that there are two of it.
 */
export async function verifyPasskey(
  site: Site,
  { response }: Assertion,
  row: FoundPasskey | undefined,
  taken: Taken,
): Promise<Verified | PasskeyRefusal> {
  if (!row || !taken || !isHandleOf(row, response.response.userHandle)) return { reason: 'wrong' }
  const { verifyAuthenticationResponse } = await webAuthn()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    ...expected(site, taken),
    response,
    // Compared below: the library compares before it has looked at the signature.
    credential: { id: row.id, publicKey: bytesOf(row.publicKey), counter: 0, transports: row.details.transports },
  }).catch(() => UNVERIFIED)
  if (!verified || !authenticationInfo) return { reason: 'wrong' }
  const { newCounter: counter, credentialBackedUp: backedUp } = authenticationInfo
  if (counter <= row.counter && row.counter > 0) return { reason: 'cloned' }
  return { kind: 'passkey', userId: row.userId, id: row.id, counter, backedUp }
}

/** WebAuthn 3, 7.2, step 6: a device that says whose passkey it is must agree. */
const isHandleOf = ({ userId }: FoundPasskey, handle: string | undefined) => !handle || handle === textOf(handleOf(userId))
/** By which a device knows somebody: no more of them than an id. */
const handleOf = (userId: string) => Uint8Array.from(new TextEncoder().encode(userId))

const UNVERIFIED = { verified: false, authenticationInfo: undefined }

const expected = (site: Site, { challenge }: { challenge: string }) => ({
  expectedChallenge: challenge,
  expectedOrigin: site.APP_ORIGIN,
  expectedRPID: rpIdOf(site),
  requireUserVerification: true,
})

/** What a passkey is asked to sign, as JSON for the browser. With none to choose from, the person's device says which it has. */
export async function assertionOptions(site: Site, challenge: string, passkeys: Known[] = []) {
  const { generateAuthenticationOptions } = await webAuthn()
  return generateAuthenticationOptions({
    rpID: rpIdOf(site),
    challenge: bytesOf(challenge),
    allowCredentials: passkeys.map(descriptor),
    userVerification: 'required',
    timeout: CHALLENGE_MS,
  })
}

/** Of a passkey, what a browser finds it by. */
export type Known = { id: string; details: { transports?: string[] } }
const descriptor = ({ id, details: { transports = [] } }: Known) => ({ id, transports })

export type PasskeyUser = { id: string; email: string; name: string | null }

/** A passkey as somebody is asked to make one: found without typing an address, and with their device verifying them. `passkeys` are those they have. */
export async function registrationOptions(site: Site, challenge: string, { id, email, name }: PasskeyUser, passkeys: Known[] = []) {
  const { generateRegistrationOptions } = await webAuthn()
  return generateRegistrationOptions({
    rpName: 'Latchkey',
    rpID: rpIdOf(site),
    userID: handleOf(id),
    userName: email,
    userDisplayName: name ?? email,
    challenge: bytesOf(challenge),
    timeout: CHALLENGE_MS,
    attestationType: 'none',
    excludeCredentials: passkeys.map(descriptor),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
}

/** The passkey that was made for the challenge just taken; undefined where it was made elsewhere, or without verifying the person. */
export async function verifyRegistration(site: Site, made: Attestation, taken: Taken): Promise<NewPasskey | undefined> {
  if (!taken) return undefined
  const { verifyRegistrationResponse } = await webAuthn()
  const response = await unattested(made).catch(() => undefined)
  if (!response) return undefined
  const { registrationInfo } = await verifyRegistrationResponse({
    ...expected(site, taken),
    response,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => ({ registrationInfo: undefined }))
  if (!registrationInfo) return undefined
  const { credential, credentialBackedUp } = registrationInfo
  const { id, counter } = credential
  const details: PasskeyDetails = { transports: made.response.response.transports, backedUp: credentialBackedUp ? 1 : 0 }
  return { kind: 'passkey', id, secret: textOf(credential.publicKey), counter, details: JSON.stringify(details) }
}

/** Which make an authenticator is of changes nothing here. Some say it unasked, with certificates that could only be a reason to refuse them. */
async function unattested({ response }: Attestation): Promise<Attestation['response']> {
  const { isoCBOR, decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  const authData = decodeAttestationObject(bytesOf(response.response.attestationObject)).get('authData')
  const attestationObject = isoCBOR.encode(
    new Map<string, string | Uint8Array | Map<string, never>>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, never>()],
      ['authData', authData],
    ]),
  )
  return { ...response, response: { ...response.response, attestationObject: textOf(attestationObject) } }
}

const bytesOf = (base64url: string) => Uint8Array.fromBase64(base64url, { alphabet: 'base64url' })
const textOf = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
