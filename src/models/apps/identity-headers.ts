import type { Admitted } from './forward-auth'

/**
 * What a proxy passes on to its tool of a person. All of them are there, empty where there is nothing to say, so that none that a browser sent can
 * take the place of one that is missing.
 */
export function identityHeaders({ sub, email, name, role, groups }: Claims): Record<string, string> {
  return {
    'X-Latchkey-User': sub,
    'X-Latchkey-Email': inHeader(email),
    'X-Latchkey-Name': inHeader(name),
    'X-Latchkey-Role': role,
    'X-Latchkey-Groups': groups?.join(',') ?? '',
  }
}
type Claims = Admitted & { email?: string; name?: string; groups?: string[] }

/** Printable ASCII stays as it is; everything else, and %, is percent-encoded as UTF-8. */
const inHeader = (text = '') => text.toWellFormed().replaceAll(/[^ -$&-~]+/g, encodeURIComponent)
