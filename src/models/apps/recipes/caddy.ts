import { IDENTITY, proofOf, TOOL } from './proxied.ts'
import type { Recipe } from './recipe.ts'

export const caddy: Recipe = {
  slug: 'caddy',
  name: 'Caddy',
  file: 'Caddyfile',
  text: (app) => `${app.host} {
	route {
		# What a browser says of itself here is not believed, however it spells the name.
		request_header -*Latchkey*
		# ${proofOf(app).how}
		forward_auth ${app.issuer} {
			uri /forward-auth
			header_up Host {upstream_hostport}
			header_up Authorization "${proofOf(app).basic}"
			copy_headers ${IDENTITY.join(' ')}
		}
		# The tool never sees the ticket and the nonce of Latchkey.
		request_header Cookie "__Host-latchkey(?:-nonce)?=[^;]*(?:; ?|$)()" "$1"
		reverse_proxy ${TOOL}
	}
}
`,
}
