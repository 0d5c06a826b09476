import type { AdapterPayload } from 'oidc-provider'
import type { App } from '../models/apps/app'
import type { Exchange } from './exchange'

const METHODS = { secret: 'client_secret_basic', key: 'private_key_jwt', none: 'none' } as const

/** An app as the provider knows a client. The secret is known by its SHA-256 alone, which `compareClientSecret` compares with. */
export const metadataOf = (app: App, secretBy: Exchange['method']): AdapterPayload => ({
  client_id: app.id,
  client_name: app.name,
  redirect_uris: app.redirectUris,
  post_logout_redirect_uris: app.afterLogoutUris,
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: app.auth === 'secret' && secretBy ? secretBy : METHODS[app.auth],
  ...(app.auth === 'secret' && app.secretHash && { client_secret: app.secretHash }),
  ...(app.auth === 'key' && app.jwks && { jwks: app.jwks as AdapterPayload['jwks'] }),
  ...(app.logoutUri && { backchannel_logout_uri: app.logoutUri, backchannel_logout_session_required: true }),
})
