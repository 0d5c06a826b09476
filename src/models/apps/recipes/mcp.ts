import type { Recipe } from './recipe.ts'

/** RFC 9728: what the server says of itself, at the address that its 401 names. */
export const mcp: Recipe = {
  slug: 'mcp',
  name: 'MCP server',
  file: '/.well-known/oauth-protected-resource of the server',
  fits: ({ resource }) => resource !== null,
  text: (app) =>
    JSON.stringify(
      {
        resource: app.resource ?? `https://${app.host}/mcp`,
        authorization_servers: [app.issuer],
        bearer_methods_supported: ['header'],
        scopes_supported: ['openid', 'profile', 'email'],
      },
      null,
      2,
    ),
}
