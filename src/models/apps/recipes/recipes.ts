import { caddy } from './caddy.ts'
import { cloudflareAccess } from './cloudflare-access.ts'
import { grafana } from './grafana.ts'
import { langfuse } from './langfuse.ts'
import { mcp } from './mcp.ts'
import { mlflow } from './mlflow.ts'
import { nginx } from './nginx.ts'
import { openWebui } from './open-webui.ts'
import { type Connection, PLACEHOLDER, type Recipe } from './recipe.ts'
import { traefik } from './traefik.ts'

/** In the order of the page. */
export const RECIPES: Recipe[] = [grafana, langfuse, openWebui, mlflow, nginx, caddy, traefik, cloudflareAccess, mcp]

type Told = Pick<Connection, 'redirectUris' | 'afterLogoutUris' | 'resource'> & { id: string; auth: string; hosts: string[] }

const hasSecret: NonNullable<Recipe['fits']> = ({ auth }) => auth === 'secret'

/** The settings of every tool that an app may be, with the secret while it is known. */
export function settingsOf({ id, hosts, ...app }: Told, issuer: string, secret = PLACEHOLDER) {
  const connection: Connection = { issuer, clientId: id, secret, host: hosts[0] ?? 'tool.example.com', ...app }
  const fitting = RECIPES.filter(({ fits = hasSecret }) => fits(app))
  return { issuer, clientId: id, tools: fitting.map(({ text, ...recipe }) => ({ ...recipe, text: text(connection) })) }
}
