import { and, eq } from 'drizzle-orm'
import { agents } from '../../db/schema/access'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { json } from '../../db/select'
import { open, theirOpen } from '../members/attention'
import type { Place } from '../members/viewer'
import type { AgentMode } from './access'
import { type Person, personAt, theirUser, toPerson } from './matrix'
import { agentListOf } from './section-settings'

export type AgentChoice = { id: string; name: string; live: boolean }
/** `kept` is the list, also while the mode is `all`. */
export type EditedPerson = Person & { mode: AgentMode; kept: string[] }

/** All agents of the workspace by name, for an admin to choose from. */
export const agentChoices = ({ db, tenantId }: Place) =>
  db
    .select({ id: agents.id, name: agents.name, live: agents.live })
    .from(agents)
    .where(eq(agents.tenantId, tenantId))
    .orderBy(agents.searchKey, agents.id)

/** At most one row: somebody with the agents of their list. */
export const personWithAgents = ({ db, tenantId, now }: Place, id: string) =>
  db
    .select({ ...personAt(now), kept: json<string[]>(agentListOf(members.tenantId, members.id), 'kept') })
    .from(members)
    .leftJoin(users, theirUser)
    .leftJoin(open, theirOpen)
    .where(and(eq(members.tenantId, tenantId), eq(members.id, id)))

type Row = Awaited<ReturnType<typeof personWithAgents>>[number]

export const toEditedPerson = (row: Row, now: number): EditedPerson => ({
  ...toPerson(row, now),
  mode: row.agentMode,
  kept: row.kept,
})

/** What the form starts from: what it holds, and of somebody who never had one what they see. */
export const startOf = ({ mode, kept }: EditedPerson, choices: AgentChoice[]) => ({
  mode,
  agents: mode === 'all' && kept.length === 0 ? choices.map(({ id }) => id) : kept,
})
