import type { Recipe } from './recipe.ts'

/** https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/generic-oidc/ */
export const cloudflareAccess: Recipe = {
  slug: 'cloudflare-access',
  name: 'Cloudflare Access',
  file: 'Fields of a login method “OpenID Connect”',
  text: (app) => `Name: Latchkey
App ID: ${app.clientId}
Client secret: ${app.secret}
Auth URL: ${app.issuer}/oauth/authorize
Token URL: ${app.issuer}/oauth/token
Certificate URL: ${app.issuer}/oauth/jwks
Proof Key for Code Exchange (PKCE): on
OIDC Claims: groups
Scopes: openid profile email groups`,
}
