import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import type { AppEnv } from './env'
import { notFound, showError } from './http/errors'
import { limitedBody, wholeBody } from './http/forms'
import { securityHeaders } from './http/headers'
import { logged } from './http/log'
import { moved } from './http/moved'
import { render } from './http/render'
import { sameOrigin } from './http/same-origin'
import { burst, pagesFirst } from './http/throttle'
import { agentAccess } from './routes/access/agent-access'
import { permissions } from './routes/access/permissions'
import { sections } from './routes/access/sections'
import { accessRequests } from './routes/access-requests/access-requests'
import { activity } from './routes/activity/activity'
import { activityExport } from './routes/activity/activity-export'
import { agentRegistration } from './routes/agents/agent-registration'
import { agents } from './routes/agents/agents'
import { appForm } from './routes/apps/app-form'
import { apps } from './routes/apps/apps'
import { appLogouts } from './routes/apps/logouts'
import { changes } from './routes/changes/changes'
import { checks } from './routes/checks/checks'
import { forwardAuth } from './routes/forward-auth/forward-auth'
import { forwardSignIn } from './routes/forward-auth/sign-in'
import { healthz } from './routes/healthz'
import { account } from './routes/identity/account'
import { changePassword } from './routes/identity/change-password'
import { confirm } from './routes/identity/confirm'
import { factorLink } from './routes/identity/factor-link'
import { forgotPassword } from './routes/identity/forgot-password'
import { home } from './routes/identity/home'
import { login } from './routes/identity/login'
import { logout } from './routes/identity/logout'
import { lostSecondFactor } from './routes/identity/lost-second-factor'
import { ownApps } from './routes/identity/own-apps'
import { ownAuthenticatorApp } from './routes/identity/own-authenticator-app'
import { ownPasskeys } from './routes/identity/own-passkeys'
import { ownPassword } from './routes/identity/own-password'
import { ownRecoveryCodes } from './routes/identity/own-recovery-codes'
import { ownSecondFactor } from './routes/identity/own-second-factor'
import { ownSessions } from './routes/identity/own-sessions'
import { passkeySignIn } from './routes/identity/passkey-sign-in'
import { resetPassword } from './routes/identity/reset-password'
import { secondStep } from './routes/identity/second-step'
import { workspaces } from './routes/identity/workspaces'
import { acceptance } from './routes/invitations/acceptance'
import { copyLink } from './routes/invitations/copy-link'
import { invite } from './routes/invitations/invite'
import { resend } from './routes/invitations/resend'
import { unsent } from './routes/invitations/unsent'
import { inviteList } from './routes/invite-many/invite-list'
import { inviteMany } from './routes/invite-many/invite-many'
import { jobs } from './routes/jobs/jobs'
import { join } from './routes/join-links/join'
import { joinLinks } from './routes/join-links/join-links'
import { joinProof } from './routes/join-links/join-proof'
import { requests } from './routes/join-links/requests'
import { webhooks } from './routes/mail/webhooks'
import { factorReset } from './routes/members/factor-reset'
import { memberApps } from './routes/members/member-apps'
import { membership } from './routes/members/membership'
import { userExport } from './routes/members/user-export'
import { users } from './routes/members/users'
import { ask } from './routes/oidc/ask'
import { authorize } from './routes/oidc/authorize'
import { consents } from './routes/oidc/consent'
import { endpoints } from './routes/oidc/endpoints'
import { appLogout } from './routes/oidc/logout'
import { memberPreset } from './routes/presets/member-preset'
import { presetForm } from './routes/presets/preset-form'
import { presets } from './routes/presets/presets'
import { reviewExport } from './routes/reviews/review-export'
import { reviews } from './routes/reviews/reviews'
import { undo } from './routes/undo/undo'
import { settings } from './routes/workspace/settings'
import { setup } from './routes/workspace/setup'
import { workspace } from './routes/workspace/workspace'

export const app = new Hono<AppEnv>()

app.use(requestId({ headerName: '' }), pagesFirst, logged)
app.route('/', forwardAuth)
app.use(securityHeaders, render)
app.route('/webhooks', webhooks)
app.route('/', authorize)
app.route('/', forwardSignIn)
app.route('/', endpoints)
app.use(moved, sameOrigin, burst, limitedBody, wholeBody)

app.route('/', home)
app.route('/healthz', healthz)
app.route('/setup', setup)
app.route('/login/second-step', secondStep)
app.route('/login', login)
app.route('/login/passkey', passkeySignIn)
app.route('/logout', logout)
app.route('/confirm', confirm)
app.route('/forgot-password', forgotPassword)
app.route('/reset-password', resetPassword)
app.route('/second-factor', factorLink)
app.route('/lost-second-factor', lostSecondFactor)
app.route('/invitation', acceptance)
app.route('/join/confirm', joinProof)
app.route('/join', join)
app.route('/w/:workspace', workspace)
app.route('/w/:workspace/agents', agentRegistration)
app.route('/w/:workspace/agents', agents)
app.route('/w/:workspace/sections', sections)
app.route('/w/:workspace/access/users/export', userExport)
app.route('/w/:workspace/access/users', users)
app.route('/w/:workspace/access/users', membership)
app.route('/w/:workspace/access/users', factorReset)
app.route('/w/:workspace/access/users', resend)
app.route('/w/:workspace/access/users', memberPreset)
app.route('/w/:workspace/access/users', copyLink)
app.route('/w/:workspace/access/users', memberApps)
app.route('/w/:workspace/access/undo', undo)
app.route('/w/:workspace/access/changes', changes)
app.route('/w/:workspace/access/jobs', jobs)
app.route('/w/:workspace/access/activity', activity)
app.route('/w/:workspace/access/activity/export', activityExport)
app.route('/w/:workspace/access/reviews', reviews)
app.route('/w/:workspace/access/reviews/:id/export', reviewExport)
app.route('/w/:workspace/access/invitations', invite)
app.route('/w/:workspace/access/invitations/unsent', unsent)
app.route('/w/:workspace/access/join-links', joinLinks)
app.route('/w/:workspace/access/requests/apps', accessRequests)
app.route('/w/:workspace/access/requests', requests)
app.route('/w/:workspace/access/invitations/many', inviteMany)
app.route('/w/:workspace/access/invitations/many', inviteList)
app.route('/w/:workspace/access/permissions', permissions)
app.route('/w/:workspace/access/agents', agentAccess)
app.route('/w/:workspace/access/presets', presetForm)
app.route('/w/:workspace/access/presets', presets)
app.route('/w/:workspace/access/apps', appForm)
app.route('/w/:workspace/access/apps', appLogouts)
app.route('/w/:workspace/access/apps', apps)
app.route('/w/:workspace/access/settings', settings)
app.route('/w/:workspace/access/mail', checks)
app.route('/account/second-factor', ownSecondFactor)
app.route('/account', account)
app.route('/account', ownSessions)
app.route('/account/authenticator-app', ownAuthenticatorApp)
app.route('/account/passkeys', ownPasskeys)
app.route('/account/recovery-codes', ownRecoveryCodes)
app.route('/account/password', ownPassword)
app.route('/account/apps', ownApps)
app.route('/.well-known/change-password', changePassword)
app.route('/workspaces', workspaces)
app.route('/', consents)
app.route('/', appLogout)
app.route('/', ask)

app.notFound(notFound)
app.onError(showError)
