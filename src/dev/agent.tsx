import { Hono } from 'hono'
import { AgentStandInPage } from '../../views/dev/agent'
import { Layout } from '../../views/layout'
import type { AppEnv } from '../env'
import { AGENTS, slugOf } from './agents'

/** Mounted at /dev: where the seeded agents open, since nobody runs them. */
export const agents = new Hono<AppEnv>()

agents.get('/agents/:slug', (c) => {
  const agent = AGENTS.find(({ name }) => slugOf(name) === c.req.param('slug'))
  if (!agent) return c.notFound()
  c.header('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
  return c.html(
    <Layout title={agent.name}>
      <AgentStandInPage name={agent.name} />
    </Layout>,
  )
})
