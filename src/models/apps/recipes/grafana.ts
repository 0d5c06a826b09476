import { type Connection, originOf, type Recipe } from './recipe.ts'

/** https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/generic-oauth/ */
export const grafana: Recipe = {
  slug: 'grafana',
  name: 'Grafana',
  file: 'Environment of Grafana',
  text: (app) => `GF_SERVER_ROOT_URL=${originOf(app)}/
GF_AUTH_GENERIC_OAUTH_ENABLED=true
GF_AUTH_GENERIC_OAUTH_NAME=Latchkey
GF_AUTH_GENERIC_OAUTH_CLIENT_ID=${app.clientId}
GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET=${app.secret}
GF_AUTH_GENERIC_OAUTH_SCOPES=openid profile email groups offline_access
GF_AUTH_GENERIC_OAUTH_AUTH_URL=${app.issuer}/oauth/authorize
GF_AUTH_GENERIC_OAUTH_TOKEN_URL=${app.issuer}/oauth/token
GF_AUTH_GENERIC_OAUTH_API_URL=${app.issuer}/oauth/userinfo
GF_AUTH_GENERIC_OAUTH_USE_PKCE=true
GF_AUTH_GENERIC_OAUTH_USE_REFRESH_TOKEN=true
GF_AUTH_GENERIC_OAUTH_LOGIN_ATTRIBUTE_PATH=email
GF_AUTH_GENERIC_OAUTH_NAME_ATTRIBUTE_PATH=name
GF_AUTH_GENERIC_OAUTH_ROLE_ATTRIBUTE_PATH=role == 'admin' && 'Admin' || 'Viewer'${signOut(app)}`,
}

/** Grafana adds the id token itself. */
const signOut = ({ issuer, afterLogoutUris: [first] }: Connection) =>
  first
    ? `\nGF_AUTH_GENERIC_OAUTH_SIGNOUT_REDIRECT_URL=${issuer}/oauth/logout?post_logout_redirect_uri=${encodeURIComponent(first)}`
    : ''
