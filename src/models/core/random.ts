const randomText = (bytes: number) =>
  crypto.getRandomValues(new Uint8Array(bytes)).toBase64({ alphabet: 'base64url', omitPadding: true })

/** 16 random bytes: the id of a session, or the nonce that a deciding write leaves on the row it won. */
export const randomId = () => randomText(16)

/** 32 random bytes: the secret of a session, the `jti` of a link. */
export const randomSecret = () => randomText(32)

/** The first 16 bytes of a secret as a UUID: the id of something that is to be known before it is there. */
export const uuidFrom = (secret: string) =>
  Uint8Array.fromBase64(secret, { alphabet: 'base64url' })
    .toHex()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')

/** In hexadecimal. */
export const sha256 = async (text: string) => new Uint8Array(await digestOf(text)).toHex()

/** How a link's page is named in its path: the first 16 base64url characters of the SHA-256 of its `jti`. */
export const linkOf = async (jti: string) => nameIn(new Uint8Array(await digestOf(jti)))

/** The same where only `sha256` of the `jti` is known. */
export const linkName = (hash: string) => nameIn(Uint8Array.fromHex(hash))

const nameIn = (digest: Uint8Array) => digest.toBase64({ alphabet: 'base64url', omitPadding: true }).slice(0, 16)

const digestOf = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
