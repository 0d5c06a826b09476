import { originOf, type Recipe } from './recipe.ts'

/** https://docs.openwebui.com/getting-started/env-configuration */
export const openWebui: Recipe = {
  slug: 'open-webui',
  name: 'Open WebUI',
  file: 'Environment of Open WebUI',
  text: (app) => `WEBUI_URL=${originOf(app)}
ENABLE_OAUTH_SIGNUP=true
ENABLE_LOGIN_FORM=false
OAUTH_PROVIDER_NAME=Latchkey
OPENID_PROVIDER_URL=${app.issuer}/.well-known/openid-configuration
OAUTH_CLIENT_ID=${app.clientId}
OAUTH_CLIENT_SECRET=${app.secret}
OAUTH_SCOPES="openid email profile groups"
OAUTH_CODE_CHALLENGE_METHOD=S256
ENABLE_OAUTH_ROLE_MANAGEMENT=true
OAUTH_ROLES_CLAIM=groups
OAUTH_ALLOWED_ROLES=role:user,role:admin
OAUTH_ADMIN_ROLES=role:admin
JWT_EXPIRES_IN=1h`,
}
