import type { AdapterPayload } from 'oidc-provider'
import type { App } from '../models/apps/app'
import { isLoopback } from '../models/apps/metadata-document'
import type { Exchange } from './exchange'

const METHODS = { secret: 'client_secret_basic', key: 'private_key_jwt', none: 'none' } as const

/** An app as the provider knows a client. The secret is known by its SHA-256 alone, which `compareClientSecret` compares with. */
export const metadataOf = (app: App, secretBy: Exchange['method']): AdapterPayload => ({
  client_id: app.id,
  client_name: app.name,
  redirect_uris: app.redirectUris,
  post_logout_redirect_uris: app.afterLogoutUris,
  application_type: isNative(app) ? 'native' : 'web',
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: app.auth === 'secret' && secretBy ? secretBy : METHODS[app.auth],
  ...(app.auth === 'secret' && app.secretHash && { client_secret: app.secretHash }),
  ...(app.auth === 'key' && app.jwks && { jwks: app.jwks as AdapterPayload['jwks'] }),
  ...(app.logoutUri && { backchannel_logout_uri: app.logoutUri, backchannel_logout_session_required: true }),
})

/** What runs on a device listens on a loopback address, at whatever port is free (RFC 8252 7.3). */
const isNative = ({ auth, redirectUris }: App) => auth === 'none' && redirectUris.length > 0 && redirectUris.every(isOnDevice)

function isOnDevice(uri: string) {
  const url = URL.parse(uri)
  return url !== null && isLoopback(url)
}
