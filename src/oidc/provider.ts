import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { isSecretOf } from '../models/apps/app'
import { ASSERTION_MS } from '../models/apps/assertion'
import { CLAIMS, claimsOf, SCOPES } from '../models/apps/claims'
import { OFFLINE_MS } from '../models/apps/reads'
import { sha256 } from '../models/core/random'
import { ExchangeAdapter } from './adapter'
import { ENDPOINTS } from './endpoints'
import { exchangeNow, type Logout, type Prompt } from './exchange'
import type { SigningKey } from './keys'
import { nameModels } from './model-names'
import { isOfApp, keepAgentTokens, resourceServer } from './resource'

/** In seconds: however often it is used, whoever is signed in to an app shows after a year that it is still them (OWASP ASVS 10.4.8). */
const LONGEST_S = 365 * 24 * 3600
const refreshTtl = (_: unknown, { iiat }: { iiat?: number | undefined }) =>
  Math.max(1, Math.min(OFFLINE_MS / 1000, (iiat ?? nowS()) + LONGEST_S - nowS()))
const nowS = () => Math.floor(Date.now() / 1000)

/** In seconds. An access token is known to have been taken back within five minutes by whoever cannot ask. */
const TTL = {
  AuthorizationCode: 60,
  AccessToken: 300,
  IdToken: 300,
  RefreshToken: refreshTtl,
  Grant: 3600,
  Session: 3600,
  Interaction: 60,
}

const { Check, Prompt: PromptOf } = interactionPolicy

/** Asks for a page of ours, or answers the error where the app wants none. */
function prompt(name: Prompt, reason: string, error: string, needed: (ctx: KoaContextWithOIDC) => boolean) {
  const asked = new PromptOf({ name, requestable: name !== 'access' }, new Check(reason, reason, error, needed))
  // It would ask each time that the app does; the exchange knows whether that has been answered.
  asked.checks.remove(`${name}_prompt`)
  return asked
}

const policy = [
  prompt('login', 'Sign-in is needed.', 'login_required', (ctx) => {
    const { somebody, again, cancelled } = exchangeNow()
    if (cancelled) return false
    if (!somebody || again || somebody.answer === 'enrol' || somebody.answer === 'prove' || isTooOld(ctx, somebody.authAt))
      return true
    expectHinted(ctx, somebody.person.sub)
    return false
  }),
  prompt('access', 'The person has no access, or went back.', 'access_denied', () => {
    const { somebody, cancelled } = exchangeNow()
    return cancelled || somebody?.answer === 'no_access'
  }),
  prompt('select_account', 'The person has to choose.', 'account_selection_required', () => exchangeNow().choice),
  prompt('consent', 'The person has to agree.', 'consent_required', () => !exchangeNow().consented),
]

function isTooOld({ oidc }: KoaContextWithOIDC, authAt: number) {
  const { max_age } = oidc.params ?? {}
  return max_age !== undefined && exchangeNow().now - authAt > Number(max_age) * 1000
}

/** Nobody is signed in where the app expects somebody else (OpenID Connect Core 3.1.2.1). @throws LoginRequired, which goes back to the app */
function expectHinted({ oidc }: KoaContextWithOIDC, sub: string) {
  const hint = oidc.entities.IdTokenHint?.payload.sub
  if (hint !== undefined && hint !== sub) throw new errors.LoginRequired('the hint is of somebody else')
}

/** PKCE: a confidential app whose admin says that it cannot. */
function mayOmit(clientId: string) {
  const { app } = exchangeNow()
  return app?.id === clientId && app.auth !== 'none' && !app.pkce
}

/** Only an app that runs in a browser asks from one. */
const isPublic = () => exchangeNow().app?.auth === 'none'
const isAt = (origin: string, uri: string) => URL.parse(uri)?.origin === origin

const configuration = (keys: SigningKey[]): Configuration => ({
  adapter: ExchangeAdapter,
  jwks: { keys },
  routes: ENDPOINTS,
  scopes: SCOPES,
  claims: CLAIMS as unknown as Record<string, string[]>,
  ttl: TTL,
  responseTypes: ['code'],
  allowOmittingSingleRegisteredRedirectUri: false,
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  pkce: { required: (_, { clientId }) => !mayOmit(clientId) },
  conformIdTokenClaims: false,
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  expiresWithSession: () => false,
  extraTokenClaims: (_, token) =>
    token.kind === 'AccessToken' && token.aud ? { workspace: exchangeNow().somebody?.person.tenantId } : undefined,
  clientBasedCORS: (_, origin, { redirectUris = [] }) => isPublic() && redirectUris.some((uri) => isAt(origin, uri)),
  assertJwtClientAuthClaimsAndHeader: (_, { exp }) => {
    if (Number(exp) * 1000 > exchangeNow().now + ASSERTION_MS) throw new errors.InvalidClientAuth('the assertion expires too late')
  },
  cookies: { names: { session: 'session' }, keys: [] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256'], clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  findAccount: (_, sub) => {
    const { app, somebody } = exchangeNow()
    if (!app || somebody?.person.sub !== sub || somebody.answer !== 'yes') return undefined
    return { accountId: sub, claims: (use) => claimsOf(app, somebody.person, use === 'userinfo' ? use : 'id_token') }
  },
  loadExistingGrant: (ctx) => {
    const { somebody } = exchangeNow()
    return somebody ? ctx.oidc.provider.Grant.find(somebody.grantId) : undefined
  },
  interactions: {
    policy: policy as unknown as interactionPolicy.DefaultPolicy,
    url: (_, { prompt: asked, params }) => {
      exchangeNow().prompt = { name: asked.name as Prompt, params }
      return '/'
    },
  },
  renderError: (_, { error }, cause) => {
    exchangeNow().refused = { error, cause }
  },
  discovery: { client_id_metadata_document_supported: true },
  features: {
    devInteractions: { enabled: false },
    introspection: {
      enabled: true,
      allowedPolicy: (_, client, token) =>
        token.clientId === client.clientId || (token.kind === 'AccessToken' && isOfApp(token.aud)),
    },
    revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: true, getResourceServerInfo: resourceServer, useGrantedResource: () => true },
    claimsParameter: { enabled: false },
  },
})

/** Answers for one origin with these keys, the first of which signs. */
export function makeProvider(origin: string, keys: SigningKey[]): Provider {
  const provider = new Provider(origin, configuration(keys))
  nameModels(provider)
  provider.proxy = true
  // It would ask by a page of its own.
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route === 'end_session') exchangeNow().logout = logoutIn(ctx.oidc)
  })
  provider.Client.prototype.compareClientSecret = async function compare(actual: string) {
    const { app, now } = exchangeNow()
    return isSecretOf(app, await sha256(actual), now)
  }
  keepAgentTokens(provider)
  return provider
}

function logoutIn(oidc: KoaContextWithOIDC['oidc']): Logout {
  const { client_id, post_logout_redirect_uri, state } = oidc.params ?? {}
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return { clientId: oidc.client?.clientId ?? text(client_id), uri: text(post_logout_redirect_uri), state: text(state) }
}
