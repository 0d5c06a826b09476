import { base64url } from 'jose'

/** What is sealed, as the header of its JWE (RFC 7516) tells it from everything else: *app* is an authenticator app here. The database holds the first. */
export const TOTP_SECRET = 'latchkey-app+jwt'
export const TOTP_SETUP = 'latchkey-app-setup+jwt'
export type Sealed = typeof TOTP_SECRET | typeof TOTP_SETUP

export const ENCRYPTION = 'A256GCM'

export const headerOf = (typ: Sealed, kid: string) => ({ alg: 'dir', enc: ENCRYPTION, typ, kid })

/** What everything of a kind under a key begins with: the header comes first, and all of ours have the same length. */
export const sealedStart = (typ: Sealed, kid: string) => `${base64url.encode(JSON.stringify(headerOf(typ, kid)))}.`
