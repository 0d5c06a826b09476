import { Hono } from 'hono/tiny'
import type { AppEnv } from '../env'

export const healthz = new Hono<AppEnv>()

healthz.get('/', (c) => c.text('ok'))
