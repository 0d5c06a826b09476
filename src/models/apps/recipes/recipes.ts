import type { App } from '../app'
import { caddy } from './caddy'
import { cloudflareAccess } from './cloudflare-access'
import { grafana } from './grafana'
import { langfuse } from './langfuse'
import { mcp } from './mcp'
import { mlflow } from './mlflow'
import { nginx } from './nginx'
import { openWebui } from './open-webui'
import { type Connection, PLACEHOLDER, type Recipe } from './recipe'
import { traefik } from './traefik'

/** In the order of the page. */
export const RECIPES: Recipe[] = [grafana, langfuse, openWebui, mlflow, nginx, caddy, traefik, cloudflareAccess, mcp]

type Told = Pick<App, 'id' | 'auth' | 'redirectUris' | 'afterLogoutUris' | 'resource'> & { hosts: string[] }

const hasSecret: NonNullable<Recipe['fits']> = ({ auth }) => auth === 'secret'

/** The settings of every tool that an app may be, with the secret while it is known. */
export function settingsOf({ id, hosts, ...app }: Told, issuer: string, secret = PLACEHOLDER) {
  const connection: Connection = { issuer, clientId: id, secret, host: hosts[0] ?? 'tool.example.com', ...app }
  const fitting = RECIPES.filter(({ fits = hasSecret }) => fits(app))
  return { issuer, clientId: id, tools: fitting.map(({ text, ...recipe }) => ({ ...recipe, text: text(connection) })) }
}
