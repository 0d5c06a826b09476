import type { Context } from 'hono'
import { decodeJwt } from 'jose'

/** A token that is shown as such (RFC 6750 2.1). */
export const bearerOf = (c: Context) => /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]

/** Which app says to ask, as yet unproven: the provider judges what else it says. Empty for none; undefined where a token alone is shown. */
export function clientOf(c: Context, form: URLSearchParams): string | undefined {
  const basic = /^Basic +([\w+/=-]+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (basic) return orNothing(() => decodeURIComponent(atob(basic).split(':')[0]?.replaceAll('+', '%20') ?? ''))
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
