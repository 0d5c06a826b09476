import { type Connection, originOf, type Recipe } from './recipe'

export const grafana: Recipe = {
  slug: 'grafana',
  name: 'Grafana',
  file: 'Environment of Grafana',
  text: (app: Connection) => `GF_SERVER_ROOT_URL=${originOf(app)}/
GF_AUTH_GENERIC_OAUTH_ENABLED=true
GF_AUTH_GENERIC_OAUTH_NAME=Latchkey
GF_AUTH_GENERIC_OAUTH_CLIENT_ID=${app.clientId}
GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET=${app.secret}
GF_AUTH_GENERIC_OAUTH_SCOPES=openid profile email groups`,
}
