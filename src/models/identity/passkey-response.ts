import * as v from 'valibot'

/** A response of WebAuthn as `PublicKeyCredential.toJSON()` writes it; credential ids have at most 1,023 bytes (WebAuthn 3, 4). */
const BASE64URL = v.pipe(v.string(), v.regex(/^[\w-]+$/))
const CREDENTIAL = {
  id: v.pipe(BASE64URL, v.maxLength(1364)),
  rawId: BASE64URL,
  type: v.literal('public-key'),
  authenticatorAttachment: v.exactOptional(v.picklist(['platform', 'cross-platform'])),
  clientExtensionResults: v.pipe(
    v.unknown(),
    v.transform(() => ({})),
  ),
}

const ASSERTION = v.object({
  ...CREDENTIAL,
  response: v.object({
    clientDataJSON: BASE64URL,
    authenticatorData: BASE64URL,
    signature: BASE64URL,
    userHandle: v.exactOptional(v.string()),
  }),
})

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const
export type Transport = (typeof TRANSPORTS)[number]

const ATTESTATION = v.object({
  ...CREDENTIAL,
  response: v.object({
    clientDataJSON: BASE64URL,
    attestationObject: BASE64URL,
    // Ways to reach an authenticator that are not known yet are left out.
    transports: v.pipe(
      v.optional(v.array(v.string()), []),
      v.transform((names) => TRANSPORTS.filter((name) => names.includes(name))),
    ),
  }),
})

export type Assertion = { response: v.InferOutput<typeof ASSERTION>; challenge: string }
export type Attestation = { response: v.InferOutput<typeof ATTESTATION>; challenge: string }

/** What a form says that a passkey signed, and for which challenge; undefined where it is nothing of the kind. */
export const readAssertion = (text: string): Assertion | undefined => read(ASSERTION, text)

/** The same of a passkey that was just made. */
export const readAttestation = (text: string): Attestation | undefined => read(ATTESTATION, text)

function read<Response extends { response: { clientDataJSON: string } }>(schema: v.GenericSchema<unknown, Response>, text: string) {
  const { success, output } = v.safeParse(schema, jsonOf(text))
  const challenge = success ? challengeIn(output.response.clientDataJSON) : undefined
  return success && challenge ? { response: output, challenge } : undefined
}

/** Made by a page of ours and not in another's frame, which our pages never are. */
const CLIENT_DATA = v.object({ challenge: BASE64URL, crossOrigin: v.optional(v.literal(false)) })

function challengeIn(clientData: string): string | undefined {
  const { success, output } = v.safeParse(CLIENT_DATA, jsonOf(textOf(clientData)))
  return success ? output.challenge : undefined
}

function textOf(base64url: string) {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(base64url, { alphabet: 'base64url' }))
  } catch {
    return ''
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
