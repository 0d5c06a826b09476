import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { explain, explained, type ReasonOf, refuses } from '../../db/rules'
import { recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { insertHosts } from './connect'
import type { AppFacts } from './draft'
import { changedEntry } from './entries'
import { takenRules } from './taken'

/** An app as it was read, which is what a change of it rests on. */
export type ReadApp = AppFacts & { id: string; version: number }

export type ChangeReason = ReasonOf<ReturnType<typeof takenRules>> | 'stale'

/**
 * Changes what an app is; what it stands for and how it proves itself stay. Who is signed in to it stays so.
 * @returns why nothing was changed; `stale` where somebody changed or disconnected it since it was read
 */
export async function changeApp(act: MemberAct, app: ReadApp, facts: AppFacts): Promise<{ reason: ChangeReason } | undefined> {
  const entry = changedEntry(app, facts)
  if (!entry) return undefined
  const rules = takenRules(app.id, facts)
  const still = sql`${isAsRead(act, app)} AND NOT ${refuses(rules)}`
  const [[told], , , , changed] = await act.db.batch([
    explain(act.db, rules),
    recordWorkspace(act, 'app_changed', entry, sql`EXISTS (SELECT 1 FROM apps a WHERE ${still})`),
    deleteHosts(act, facts.hosts, still),
    insertHosts(act, facts.hosts, still),
    updateApp(act, facts, still),
  ])
  if (changed.length === 1) return undefined
  return told?.refusal ? { reason: explained(rules, told).reason } : { reason: 'stale' }
}

/** Of an app `a`. */
const isAsRead = ({ tenantId }: MemberAct, { id, version }: Pick<ReadApp, 'id' | 'version'>) =>
  sql`a.id = ${id} AND a.tenant_id = ${tenantId} AND a.version = ${version}`

const deleteHosts = ({ db }: MemberAct, hosts: string[], still: SQL) =>
  raw(
    db,
    sql`DELETE FROM app_hosts WHERE app_id IN (SELECT a.id FROM apps a WHERE ${still})
      AND host NOT IN (SELECT value FROM json_each(${JSON.stringify(hosts)}))`,
  )

const updateApp = ({ db }: MemberAct, facts: AppFacts, still: SQL) =>
  raw<{ id: string }>(
    db,
    sql`
    UPDATE apps AS a SET name = ${facts.name}, jwks = ${facts.jwks && JSON.stringify(facts.jwks)}, pkce = ${Number(facts.pkce)},
      redirect_uris = ${JSON.stringify(facts.redirectUris)}, after_logout_uris = ${JSON.stringify(facts.afterLogoutUris)},
      logout_uri = ${facts.logoutUri}, resource = ${facts.resource}, version = a.version + 1
    WHERE ${still} RETURNING id`,
  )

/**
 * Lets an admin answer for everybody what the app may learn of them, or leaves that to each person again; whoever was asked already stays signed
 * in. @returns false where it is not there any more; where it is so already, nothing is done
 */
export async function agreeForEverybody(act: MemberAct, id: string, agrees: boolean): Promise<boolean> {
  const ours = sql`a.id = ${id} AND a.tenant_id = ${act.tenantId}`
  const wanting = sql`${ours} AND (a.granted_at IS NULL) = ${Number(agrees)}`
  const [, , found] = await act.db.batch([
    recordWorkspace(
      act,
      'app_granted_for_all',
      { after: sql`(SELECT json_object('app', a.name, 'for_all', iif(${Number(agrees)}, 'on', 'off')) FROM apps a WHERE ${ours})` },
      sql`EXISTS (SELECT 1 FROM apps a WHERE ${wanting})`,
    ),
    raw(act.db, sql`UPDATE apps AS a SET granted_at = ${agrees ? act.now : null}, version = a.version + 1 WHERE ${wanting}`),
    raw<{ id: string }>(act.db, sql`SELECT a.id FROM apps a WHERE ${ours}`),
  ])
  return found.length === 1
}
