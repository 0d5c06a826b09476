import { type SQL, sql } from 'drizzle-orm'
import { namesItself } from './metadata-document'
import { canonicalResource } from './resource'

/** A query for the id of an app, and who asks for it: the app itself, which is empty, or the program that names itself by the address of a document. */
export type AskedApp = { id: SQL; client: string }

/**
 * Which app a client asks in the place of. A program that names itself is nobody's: it asks for one agent, as its only resource, where the workspace of that
 * agent takes such programs. What is named like a program is never looked up as an app.
 */
export const appAskedBy = (clientId: string, resources: string[]): AskedApp => {
  if (!namesItself(clientId)) return { id: sql`${clientId}`, client: '' }
  const resource = resources.length === 1 ? canonicalResource(resources[0] ?? '') : undefined
  return { id: openTo(sql`a.resource = ${resource ?? ''}`), client: clientId }
}

/** The app itself, or a program in its place, of a form that says which app its page was about. */
export const appNamed = (id: string, client = ''): AskedApp =>
  client ? { id: openTo(sql`a.id = ${id} AND a.resource IS NOT NULL`), client } : { id: sql`${id}`, client }

const openTo = (which: SQL) =>
  sql`SELECT a.id FROM apps a JOIN tenants t ON t.id = a.tenant_id AND t.metadata_clients = 1 WHERE ${which}`
