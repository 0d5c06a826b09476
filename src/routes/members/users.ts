import { Hono } from 'hono'
import type { AppEnv } from '../../env'
import { showMember, showUsers } from '../../http/people'

export const users = new Hono<AppEnv>()

users.get('/', (c) => showUsers(c, c.req.query()))

users.get('/:id', (c) => showMember(c, c.req.param('id')))
