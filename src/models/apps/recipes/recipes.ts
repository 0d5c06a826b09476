import type { App } from '../app'
import { grafana } from './grafana'
import { type Connection, PLACEHOLDER, type Recipe } from './recipe'

/** In the order of the page. */
const RECIPES: Recipe[] = [grafana]

type Told = Pick<App, 'id' | 'redirectUris' | 'resource'> & { hosts: string[] }

/** The settings of every tool that an app may be, with the secret while it is known. */
export function settingsOf({ id, redirectUris, resource, hosts }: Told, issuer: string, secret = PLACEHOLDER) {
  const connection: Connection = { issuer, clientId: id, secret, host: hosts[0] ?? 'tool.example.com', redirectUris, resource }
  return {
    issuer,
    clientId: id,
    tools: RECIPES.map(({ slug, name, file, text }) => ({ slug, name, file, text: text(connection) })),
  }
}
