import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose'
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors'
import { type Keyring, signerOf } from './keyring'
import { ENCRYPTION, headerOf, type Sealed } from './sealed-start'

/** `subject`: whose it is. It opens as this alone. */
export type Seal = { type: Sealed; subject: string }

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

function keyNamed(keys: Keyring, kid: string | undefined) {
  const found = keys.find((key) => key.kid === kid)
  if (!found) throw new JWKSNoMatchingKey()
  return found.key
}
