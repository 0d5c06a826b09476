import * as v from 'valibot'
import { isLoopback } from '../core/outside'

/** What counts of what a program says of itself. Its name does not: anybody can claim one, and a host is what somebody can know. */
export type MetadataDocument = { redirectUris: string[] }

const MOST = { addressCharacters: 500, addresses: 20 } as const

const DOCUMENT = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    client_id: v.string(),
    redirect_uris: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MOST.addressCharacters))), v.maxLength(MOST.addresses)),
    // Others prove themselves, which we do not ask: nothing of theirs would be checked.
    token_endpoint_auth_method: v.optional(v.literal('none')),
    grant_types: v.optional(v.pipe(v.array(v.string()), v.includes('authorization_code'))),
    response_types: v.optional(v.pipe(v.array(v.string()), v.includes('code'))),
    client_secret: v.optional(v.never()),
    client_secret_expires_at: v.optional(v.never()),
  }),
)

/** A client that names itself by the address of its metadata, and no app: those have ids without a colon. */
export const namesItself = (clientId: string) => clientId.startsWith('https://')

/**
 * Such a name, in the one spelling that a URL has, with a path, and no longer than is sensible (draft-ietf-oauth-client-id-metadata-document, 3). Whether
 * its host may be asked is another question.
 */
export function isMetadataAddress(clientId: string): boolean {
  const url = namesItself(clientId) && clientId.length <= MOST.addressCharacters ? URL.parse(clientId) : undefined
  return url?.href === clientId && url.pathname !== '/' && !clientId.includes('#') && !url.username && !url.password
}

/**
 * What a document says, of which only addresses count that lead back to where it comes from, or to the machine of whoever signs in (RFC 8252 7.3).
 * Undefined where it is not one, is not about itself, or leads nowhere.
 */
export function readDocument(clientId: string, text: string): MetadataDocument | undefined {
  const { output, success } = v.safeParse(DOCUMENT, text)
  if (!success || output.client_id !== clientId) return undefined
  const redirectUris = output.redirect_uris.filter((uri) => leadsBack(uri, clientId))
  return redirectUris.length > 0 ? { redirectUris } : undefined
}

function leadsBack(uri: string, clientId: string) {
  const url = URL.parse(uri)
  if (!url || uri.includes('#') || url.username || url.password) return false
  return isLoopback(url) || url.origin === new URL(clientId).origin
}
