import { originOf, type Recipe } from './recipe.ts'

/** https://langfuse.com/self-hosting/security/authentication-and-sso */
export const langfuse: Recipe = {
  slug: 'langfuse',
  name: 'Langfuse',
  file: 'Environment of Langfuse',
  text: (app) => `NEXTAUTH_URL=${originOf(app)}
AUTH_CUSTOM_NAME=Latchkey
AUTH_CUSTOM_ISSUER=${app.issuer}
AUTH_CUSTOM_CLIENT_ID=${app.clientId}
AUTH_CUSTOM_CLIENT_SECRET=${app.secret}
AUTH_CUSTOM_SCOPE="openid email profile"
AUTH_CUSTOM_CHECKS=pkce,state
AUTH_DISABLE_USERNAME_PASSWORD=true
AUTH_SESSION_MAX_AGE=60`,
}
