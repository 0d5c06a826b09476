import { Hono } from 'hono'
import type { AppEnv } from '../env'

export const healthz = new Hono<AppEnv>()

healthz.get('/', (c) => c.text('ok'))
