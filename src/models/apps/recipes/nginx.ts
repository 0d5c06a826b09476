import { IDENTITY, proofOf, TOOL } from './proxied.ts'
import type { Recipe } from './recipe.ts'

export const nginx: Recipe = {
  slug: 'nginx',
  name: 'nginx',
  file: 'nginx.conf, inside http { }',
  text: (app) => `# The tool never sees the ticket and the nonce of Latchkey.
map $http_cookie $latchkey_without_ticket {
    default $http_cookie;
    "~^(?<latchkey_before>(?:.*; ?)?)__Host-latchkey=[^;]*(?:; ?)?(?<latchkey_after>.*)$" $latchkey_before$latchkey_after;
}
map $latchkey_without_ticket $latchkey_cookie {
    default $latchkey_without_ticket;
    "~^(?<latchkey_before>(?:.*; ?)?)__Host-latchkey-nonce=[^;]*(?:; ?)?(?<latchkey_after>.*)$" $latchkey_before$latchkey_after;
}
map $http_upgrade $latchkey_connection {
    default upgrade;
    "" "";
}

server {
    listen 443 ssl;
    server_name ${app.host};
    ssl_certificate /etc/nginx/tls/${nameOf(app.host)}.crt;
    ssl_certificate_key /etc/nginx/tls/${nameOf(app.host)}.key;

    location / {
        auth_request /.latchkey/check;
${IDENTITY.map((header) => `        auth_request_set ${variableOf(header)} $upstream_http_${snake(header)};\n        proxy_set_header ${header} ${variableOf(header)};`).join('\n')}
        proxy_set_header Cookie $latchkey_cookie;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Proto https;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $latchkey_connection;
        proxy_http_version 1.1;
        proxy_pass http://${TOOL};
    }

    # ${proofOf(app).how}
    location = /.latchkey/check {
        internal;
        proxy_pass ${app.issuer}/forward-auth/check;
        proxy_ssl_server_name on;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 4;
        proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header Authorization "${proofOf(app).basic}";
        proxy_set_header X-Original-URL https://$http_host$request_uri;
        proxy_set_header X-Original-Method $request_method;
    }

    # Signing in: whatever Latchkey says here goes to the browser, and never to the tool.
    error_page 401 = @latchkey;
    location /.latchkey/ {
        return 401;
    }
    location @latchkey {
        rewrite ^ /forward-auth/start break;
        proxy_pass ${app.issuer};
        proxy_redirect off;
        proxy_ssl_server_name on;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 4;
        proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
        proxy_method GET;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header Authorization "${proofOf(app).basic}";
        proxy_set_header X-Forwarded-Method $request_method;
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_set_header X-Forwarded-Uri $request_uri;
    }
}
`,
}

const snake = (header: string) => header.toLowerCase().replaceAll('-', '_')
const variableOf = (header: string) => `$${snake(header).replace('x_', '')}`
const nameOf = (host: string) => host.replace(/:.*/, '')
