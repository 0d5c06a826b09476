import { sql } from 'drizzle-orm'
import type { Rule } from '../../db/rules'
import type { AppFacts } from './draft'

/** What may belong to one app of the whole deployment only: two workspaces must not both answer for it. */
export const takenRules = (id: string, { hosts, resource }: Pick<AppFacts, 'hosts' | 'resource'>) =>
  [
    ['resource_taken', sql`EXISTS (SELECT 1 FROM apps a WHERE a.resource = ${resource} AND a.id <> ${id})`],
    [
      'host_taken',
      sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(hosts)}) j CROSS JOIN app_hosts h ON h.host = j.value AND h.app_id <> ${id})`,
    ],
  ] as const satisfies readonly Rule[]
