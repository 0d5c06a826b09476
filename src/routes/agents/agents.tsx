import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { AgentPage, OFFLINE } from '../../../views/agents/agent'
import { AgentsPage } from '../../../views/agents/agents'
import type { AppEnv } from '../../env'
import { enter, section } from '../../http/door'
import { renderRefusal } from '../../http/errors'
import { readQuery, searchText } from '../../http/query'
import { agentOf, agentsOf, cardsPage, listsNaming, matching, tagsOf } from '../../models/agents/agent'
import { appsFor } from '../../models/apps/list'
import { safeHref } from '../../models/core/url'
import { adminNames } from '../../models/members/member'
import { firstStepsOf, toFirstSteps } from '../../models/workspace/first-steps'

export const agents = new Hono<AppEnv>()

agents.get('/', async (c) => {
  const { viewer, to, rows, admins, steps } = await enter(c, section('agents'), (at) => ({
    rows: agentsOf(at),
    admins: adminNames(at),
    steps: firstStepsOf(at),
  }))
  const { cursor, ...filter } = readQuery(c, { q: searchText, tag: searchText, cursor: searchText })
  const cards = cardsPage(matching(rows, filter), cursor)
  const about = { to, viewer, cards, total: rows.length, tags: tagsOf(rows), filter, steps: toFirstSteps(steps) }
  return c.render(<AgentsPage {...about} admins={admins.map(({ name }) => name)} />, { title: 'Agents' })
})

agents.get('/:id', async (c) => show(c, await enterAgent(c)))

agents.get('/:id/open', async (c) => {
  const entered = await enterAgent(c)
  if (!entered.agent.live) return renderRefusal(c, 409, OFFLINE)
  const address = safeHref(entered.agent.url ?? '', c.env.APP_ORIGIN)
  if ('href' in address) return c.redirect(address.href, 303)
  c.status(409)
  return show(c, entered)
})

type Entered = Awaited<ReturnType<typeof enterAgent>>

async function enterAgent(c: Context<AppEnv, '/:id/*'>) {
  const id = c.req.param('id') ?? ''
  const { viewer, to, found, lists, admins, apps } = await enter(c, section('agents'), (at) => ({
    found: agentOf(at, id),
    lists: listsNaming(at, id),
    admins: adminNames(at),
    apps: appsFor(at, { agentId: id }),
  }))
  const [agent] = found
  if (!agent) throw new HTTPException(404)
  return { viewer, to, agent, apps, listedBy: lists[0]?.count ?? 0, admins: admins.map(({ name }) => name) }
}

const show = (c: Context<AppEnv>, { to, viewer, agent, listedBy, admins, apps }: Entered) =>
  c.render(<AgentPage {...{ to, viewer, agent, listedBy, admins, apps }} />, { title: agent.name })
