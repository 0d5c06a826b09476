import { Hono } from 'hono'
import { AgentsPage } from '../../views/agents'
import type { AppEnv } from '../env'
import { enter, section } from '../http/door'
import { agentsOf, toAgent } from '../models/agent'
import { adminNames } from '../models/member'

export const agents = new Hono<AppEnv>()

agents.get('/', async (c) => {
  const { viewer, rows, admins } = await enter(c, section('agents'), (db, at) => ({
    rows: agentsOf(db, at),
    admins: adminNames(db, at.tenantId),
  }))
  return c.render(<AgentsPage viewer={viewer} agents={rows.map(toAgent)} admins={admins.map(({ name }) => name)} />, {
    title: 'Agents',
  })
})
