import { Hono } from 'hono'
import type { AppEnv } from '../../env'

/** Where password managers lead: https://w3c.github.io/webappsec-change-password-url/. */
export const changePassword = new Hono<AppEnv>()

changePassword.get('/', (c) => c.redirect('/account', 303))
