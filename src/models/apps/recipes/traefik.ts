import { TOOL } from './proxied.ts'
import type { Connection, Recipe } from './recipe.ts'

export const traefik: Recipe = {
  slug: 'traefik',
  name: 'Traefik',
  file: 'Dynamic configuration, in YAML',
  text: (app) => `http:
  middlewares:
    latchkey:
      forwardAuth:
        address: "${withProof(app)}/forward-auth"
        # Authorization is not among them: it would take the place of the proof in the address.
        authRequestHeaders: [Accept, Cookie, HX-Request, Sec-Fetch-Mode, X-Requested-With]
        # Cookie comes back without the ticket and the nonce of Latchkey, which the tool never sees.
        authResponseHeaders: [Cookie]
        # What a browser says of itself here is not believed, however it spells the name.
        authResponseHeadersRegex: "(?i)^X[-_]Latchkey[-_]"
  routers:
    tool:
      rule: "Host(\`${app.host.replace(/:.*/, '')}\`)"
      middlewares: [latchkey]
      service: tool
      tls: {}
  services:
    tool:
      loadBalancer:
        servers:
          - url: "http://${TOOL}"
`,
}

const withProof = ({ issuer, clientId, secret }: Connection) => issuer.replace('://', `://${clientId}:${secret}@`)
