import { decodeJwt } from 'jose'
import { errors, type KoaContextWithOIDC, type Provider, type ResourceServer } from 'oidc-provider'
import { SCOPES } from '../models/apps/claims'
import { canonicalResource } from '../models/apps/resource'
import { sha256 } from '../models/core/random'
import { ENDPOINTS } from './endpoints'
import { type Exchange, exchangeNow } from './exchange'

/**
 * What an access token with an audience is (RFC 8707): it is for the agent of the app that it was given to, and for no other, so that the agent's server
 * can verify it without asking (RFC 9068). The audience is spelled as it was asked for, which is how that server spells it.
 * @throws InvalidTarget for any other resource, and for more than one
 */
export function resourceServer({ oidc }: KoaContextWithOIDC, resource: string): ResourceServer {
  if (Array.isArray(oidc.params?.resource) || !isOfApp(resource)) throw new errors.InvalidTarget('this app has no such resource')
  return { scope: SCOPES.join(' '), audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }
}

/** Whether it is the one that the app in question is for. */
export function isOfApp(resource: unknown): boolean {
  const { app } = exchangeNow()
  return typeof resource === 'string' && !!app?.resource && canonicalResource(resource) === app.resource
}

/** The provider forgets a token that says everything itself. It is kept like the others, so that introspection and revocation know it. */
export function keepAgentTokens({ AccessToken }: Provider) {
  const { save } = AccessToken.prototype
  AccessToken.prototype.save = async function keep() {
    const value = await save.call(this)
    if (!this.aud) return value
    const { iat, exp } = decodeJwt(value)
    const { kind, accountId, clientId, grantId, aud, scope, extra, gty } = this
    const payload = { kind, accountId, clientId, grantId, aud, scope, extra, gty, iat, exp }
    exchangeNow().writes.push({ kind: 'keep', token: { id: await sha256(value), kind, payload, ttl: this.expiration } })
    return value
  }
}

/** The provider looks up no JWT, so that one is asked about by what it is kept under; of one that is not kept any more there is nothing to find. */
export async function asKept(request: Request, { found }: Exchange): Promise<Request> {
  if (!LOOKS_UP.has(new URL(request.url).pathname)) return request
  const form = new URLSearchParams(await request.clone().text())
  if (form.get('token')?.split('.').length !== 3) return request
  form.set('token', found?.id ?? 'none')
  const headers = new Headers(request.headers)
  headers.set('Content-Length', String(form.toString().length))
  return new Request(request, { headers, body: form.toString() })
}

const LOOKS_UP = new Set([ENDPOINTS.introspection, ENDPOINTS.revocation])
