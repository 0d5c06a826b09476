import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { requestId } from 'hono/request-id'
import { TrieRouter } from 'hono/router/trie-router'
import { Hono } from 'hono/tiny'
import type { AppEnv } from './env'
import { notFound, showError } from './http/errors'
import { FORM_BYTES, wholeBody } from './http/forms'
import { sealed } from './http/headers'
import { logged } from './http/log'
import { render } from './http/render'
import { sameOrigin } from './http/same-origin'
import { burst } from './http/throttle'
import { account } from './routes/account'
import { activity } from './routes/activity'
import { agentAccess } from './routes/agent-access'
import { agents } from './routes/agents'
import { forgotPassword } from './routes/forgot-password'
import { healthz } from './routes/healthz'
import { home } from './routes/home'
import { invitation } from './routes/invitation'
import { invitations } from './routes/invitations'
import { login } from './routes/login'
import { logout } from './routes/logout'
import { mailCheck } from './routes/mail-check'
import { permissions } from './routes/permissions'
import { resetPassword } from './routes/reset-password'
import { sections } from './routes/sections'
import { settings } from './routes/settings'
import { setup } from './routes/setup'
import { userChanges } from './routes/user-changes'
import { users } from './routes/users'
import { webhooks } from './routes/webhooks'
import { workspaces } from './routes/workspaces'

const tooLarge = () => {
  throw new HTTPException(413)
}

export const app = new Hono<AppEnv>()

// The preset's own router takes `/login/` for `/login`, and hono's default weighs more than everything that this one saves in time.
app.router = new TrieRouter()

app.use(requestId({ headerName: '' }), logged, sealed, render)
app.route('/webhooks', webhooks)
app.use(sameOrigin, burst, bodyLimit({ maxSize: FORM_BYTES, onError: tooLarge }), wholeBody)

app.route('/', home)
app.route('/healthz', healthz)
app.route('/setup', setup)
app.route('/login', login)
app.route('/logout', logout)
app.route('/forgot-password', forgotPassword)
app.route('/reset-password', resetPassword)
app.route('/invitation', invitation)
app.route('/agents', agents)
app.route('/sections', sections)
app.route('/access/users', users)
app.route('/access/users', userChanges)
app.route('/access/activity', activity)
app.route('/access/invitations', invitations)
app.route('/access/permissions', permissions)
app.route('/access/agents', agentAccess)
app.route('/access/settings', settings)
app.route('/access/mail', mailCheck)
app.route('/account', account)
app.route('/workspaces', workspaces)

app.notFound(notFound)
app.onError(showError)
