import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { requestId } from 'hono/request-id'
import { TrieRouter } from 'hono/router/trie-router'
import type { AppEnv } from './env'
import { notFound, showError } from './http/errors'
import { FORM_BYTES, wholeBody } from './http/forms'
import { sealed } from './http/headers'
import { logged } from './http/log'
import { render } from './http/render'
import { sameOrigin } from './http/same-origin'
import { burst } from './http/throttle'
import { agentAccess } from './routes/access/agent-access'
import { permissions } from './routes/access/permissions'
import { sections } from './routes/access/sections'
import { activity } from './routes/activity/activity'
import { agents } from './routes/agents/agents'
import { mailCheck } from './routes/checks/mail-check'
import { healthz } from './routes/healthz'
import { account } from './routes/identity/account'
import { forgotPassword } from './routes/identity/forgot-password'
import { home } from './routes/identity/home'
import { login } from './routes/identity/login'
import { logout } from './routes/identity/logout'
import { resetPassword } from './routes/identity/reset-password'
import { workspaces } from './routes/identity/workspaces'
import { invitation } from './routes/invitations/acceptance'
import { invitations } from './routes/invitations/invite'
import { webhooks } from './routes/mail/webhooks'
import { userChanges } from './routes/members/membership'
import { users } from './routes/members/users'
import { settings } from './routes/workspace/settings'
import { setup } from './routes/workspace/setup'

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
