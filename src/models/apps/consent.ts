import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'
import type { App } from './app'

/** What somebody lets an app learn, and for how long; `had` is what they have let it before. */
type Consent = { app: Pick<App, 'id' | 'version'>; client: string; scopes: string[]; had: string | null }

/** All of it has been agreed to: by an admin for everybody, or by the person. To a program nobody agrees for others. */
export const hasConsented = ({ grantedAt }: Pick<App, 'grantedAt'>, had: string | null, scopes: string[], client = '') =>
  (grantedAt !== null && client === '') || scopes.every((scope) => wordsOf(had).includes(scope))

/** Agrees to what the page showed. @returns false where the app was changed meanwhile, or is gone: nothing was written then */
export async function consent({ db, now, memberId }: MemberAct, { app, client, scopes, had }: Consent): Promise<boolean> {
  const scope = [...new Set([...wordsOf(had), ...scopes])].join(' ')
  const [kept] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO app_consents (member_id, app_id, client, scope, at) SELECT m.id, a.id, ${client}, ${scope}, ${now}
      FROM apps a JOIN members m ON m.tenant_id = a.tenant_id AND m.id = ${memberId} WHERE a.id = ${app.id} AND a.version = ${app.version}
        AND (${client} = '' OR EXISTS (SELECT 1 FROM metadata_clients p WHERE p.id = ${client}))
      ON CONFLICT (member_id, app_id, client) DO UPDATE SET scope = excluded.scope, at = excluded.at RETURNING app_id AS id`,
    ),
  ])
  return kept.length === 1
}

const wordsOf = (scope: string | null) => scope?.split(' ').filter(Boolean) ?? []
