import type { Context } from 'hono'
import { decodeJwt } from 'jose'

/** A token that is shown as such (RFC 6750 2.1). */
export const bearerOf = (c: Context) => /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]

/** The id and the secret by which an app or its proxy proves itself, each encoded as a part of a form (RFC 6749 2.3.1). */
export function basicOf(c: Context): { clientId: string; secret: string } | undefined {
  const basic = /^Basic +([\w+/]+=*)$/i.exec(c.req.header('Authorization') ?? '')?.[1] ?? ''
  const [, clientId = '', secret = ''] = /^([^:]+):(.+)$/.exec(orNothing(() => atob(basic))) ?? []
  const proof = { clientId: decoded(clientId), secret: decoded(secret) }
  return proof.clientId && proof.secret ? proof : undefined
}

const decoded = (part: string) => orNothing(() => decodeURIComponent(part.replaceAll('+', '%20')))

/** The secret that an app shows, in the header or in the form; empty for none. */
export const secretIn = (c: Context, form: URLSearchParams) => basicOf(c)?.secret ?? form.get('client_secret') ?? ''

/** Which app says to ask, as yet unproven: the provider judges what else it says. Empty for none; undefined where a token alone is shown. */
export function clientOf(c: Context, form: URLSearchParams): string | undefined {
  if (/^Basic /i.test(c.req.header('Authorization') ?? '')) return basicOf(c)?.clientId ?? ''
  const assertion = form.get('client_assertion')
  const named = form.get('client_id') ?? (assertion && orNothing(() => String(decodeJwt(assertion).iss)))
  return named ?? (bearerOf(c) ? undefined : '')
}

/** What cannot be read names nobody. */
function orNothing(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
