import { resolve } from 'node:path'
import { caddy } from '../src/models/apps/recipes/caddy.ts'
import { nginx } from '../src/models/apps/recipes/nginx.ts'
import { TOOL } from '../src/models/apps/recipes/proxied.ts'
import { APACHE, HOME, LATCHKEY, PROXIES, SECRET, TOOL_PORT } from './ports.ts'

export const [CERTIFICATE, KEY] = [resolve(HOME, 'tls.crt'), resolve(HOME, 'tls.key')]

const connectionOf = ({ id, host }: { id: string; host: string }) => ({
  issuer: LATCHKEY,
  clientId: id,
  secret: SECRET,
  host,
  redirectUris: [],
  afterLogoutUris: [],
  resource: null,
})

/** What Latchkey gives to paste, but for where this run listens, its certificate and its tool. */
const pasted = (text: string, replaced: [string | RegExp, string][]) =>
  [[TOOL, `127.0.0.1:${TOOL_PORT}`] as const, ...replaced].reduce((done, [from, to]) => {
    const next = done.replaceAll(from, to)
    if (next === done) throw new Error(`The settings have no ${from} any more.`)
    return next
  }, text)

export const nginxConf = () => `
daemon off;
master_process off;
pid ${resolve(HOME, 'nginx.pid')};
error_log stderr warn;
events {}
http {
access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${resolve(HOME, kind)};`).join('\n')}
${pasted(nginx.text(connectionOf(PROXIES.nginx)), [
  ['listen 443 ssl', `listen 127.0.0.1:${PROXIES.nginx.port} ssl`],
  [/ssl_certificate \S+;/g, `ssl_certificate ${CERTIFICATE};`],
  [/ssl_certificate_key \S+;/g, `ssl_certificate_key ${KEY};`],
  [/server_name \S+:\d+;/g, 'server_name nginx.localhost;'],
])}}
`

/** `wrangler dev` rewrites where an answer leads by X-Forwarded-Proto; a deployment does not. */
export const caddyfile = () => `{
	admin off
	auto_https disable_redirects
	skip_install_trust
}
${pasted(caddy.text(connectionOf(PROXIES.caddy)), [
  ['header_up Host', 'header_up -X-Forwarded-Proto\n\t\t\theader_up Host'],
  [/^(\S+ \{)$/gm, `$1\n\ttls ${CERTIFICATE} ${KEY}\n\tbind 127.0.0.1`],
])}`

const MODULES = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'ssl',
  'socache_shmcb',
  'proxy',
  'proxy_http',
  'headers',
  'auth_openidc',
]

export const apacheConf = () => `
ServerRoot ${resolve(HOME)}
ServerName ${APACHE.host}
PidFile ${resolve(HOME, 'apache.pid')}
DefaultRuntimeDir ${resolve(HOME)}
Mutex file:${resolve(HOME)} default
ErrorLog /dev/stderr
LogLevel warn auth_openidc:warn
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
Listen 127.0.0.1:${APACHE.port}
Listen 127.0.0.1:${APACHE.back}
<VirtualHost 127.0.0.1:${APACHE.port}>
  SSLEngine on
  SSLCertificateFile ${CERTIFICATE}
  SSLCertificateKeyFile ${KEY}
</VirtualHost>
OIDCProviderMetadataURL ${LATCHKEY}/.well-known/openid-configuration
OIDCClientID ${APACHE.id}
OIDCClientSecret ${SECRET}
OIDCRedirectURI https://${APACHE.host}/redirect
OIDCCryptoPassphrase ${SECRET}
OIDCScope "openid profile email groups"
OIDCPKCEMethod S256
OIDCRemoteUserClaim email
OIDCUserInfoRefreshInterval 1
<Location />
  AuthType openid-connect
  Require claim groups:section:traces
  RequestHeader unset Cookie
  ProxyPass http://127.0.0.1:${TOOL_PORT}/
</Location>
<Location /redirect>
  ProxyPass !
</Location>
`
