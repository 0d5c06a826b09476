import type { AdapterPayload } from 'oidc-provider'
import type { App } from '../models/apps/app'
import { isLoopback } from '../models/core/outside'
import type { Exchange, Program } from './exchange'

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

/** A program, which proves nothing but that it is where it says it is. On the machine of whoever signs in any port is its own (RFC 8252 7.3). */
export const metadataOfProgram = ({ id, redirectUris }: Program): AdapterPayload => ({
  client_id: id,
  application_type: redirectUris.some(isOnDevice) ? 'native' : 'web',
  redirect_uris: redirectUris,
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
})
