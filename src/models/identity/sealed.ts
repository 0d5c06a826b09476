import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose'
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors'
import { type Keyring, signerOf } from './keyring'

/** `type` tells what is sealed from everything else, `subject` whose it is: it opens as that alone. */
export type Seal = { type: string; subject: string }

const ENCRYPTION = 'A256GCM'

/** Encrypts claims under the newest key that has started. With `exp` among them (s), they open until then. */
export const seal = (keys: Keyring, { type, subject }: Seal, claims: JWTPayload, now: number) => {
  const { kid, key } = signerOf(keys, now)
  return new EncryptJWT(claims).setProtectedHeader(headerOf(type, kid)).setSubject(subject).encrypt(key)
}

/** Undefined where none of the keys opens it as this. */
export async function open(keys: Keyring, { type, subject }: Seal, sealed: string, now: number): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtDecrypt(sealed, ({ kid }) => keyNamed(keys, kid), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: [ENCRYPTION],
      typ: type,
      subject,
      currentDate: new Date(now),
    })
    return payload
  } catch (error) {
    if (error instanceof JOSEError) return undefined
    throw error
  }
}

const headerOf = (typ: string, kid: string) => ({ alg: 'dir', enc: ENCRYPTION, typ, kid })

/** What everything of a type under a key begins with. */
export const sealedStart = (type: string, kid: string) =>
  `${new TextEncoder().encode(JSON.stringify(headerOf(type, kid))).toBase64({ alphabet: 'base64url', omitPadding: true })}.`

function keyNamed(keys: Keyring, kid: string | undefined) {
  const found = keys.find((key) => key.kid === kid)
  if (!found) throw new JWKSNoMatchingKey()
  return found.key
}
