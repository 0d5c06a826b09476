import { originOf, type Recipe } from './recipe.ts'

/** https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview */
export const mlflow: Recipe = {
  slug: 'mlflow',
  name: 'MLflow behind oauth2-proxy',
  file: 'oauth2-proxy.cfg',
  text: (app) => `provider = "oidc"
provider_display_name = "Latchkey"
oidc_issuer_url = "${app.issuer}"
client_id = "${app.clientId}"
client_secret = "${app.secret}"
redirect_url = "${originOf(app)}/oauth2/callback"
scope = "openid email profile groups offline_access"
code_challenge_method = "S256"
email_domains = ["*"]
skip_provider_button = true
reverse_proxy = true
http_address = "0.0.0.0:4180"
upstreams = ["http://127.0.0.1:5000/"]
cookie_secret = "OUTPUT_OF_openssl_rand_-hex_16"
cookie_secure = true
cookie_refresh = "4m"
cookie_expire = "12h"`,
}
