import { env } from 'cloudflare:workers'
import { app } from '../src/app'
import { readEnv } from '../src/env'
import { randomId, sha256 } from '../src/models/core/random'
import { newSession } from '../src/models/identity/session'
import { newTotpSetup, sealSetup } from '../src/models/identity/totp-setup'
import { forwardAuth } from '../src/routes/forward-auth/forward-auth'
import { forwardSignIn } from '../src/routes/forward-auth/sign-in'
import { authorize } from '../src/routes/oidc/authorize'
import { endpoints } from '../src/routes/oidc/endpoints'
import { ASKED_AT, lacksTraces, seededAccessRequest } from './access-requests'
import { codeFor, hasAuthenticatorApp, hasProvenAuthenticatorApp, hasRecoveryCodes, totpForm } from './authenticator-apps'
import { Client, signedIn } from './client'
import { linkIn, one, run } from './database'
import { factorLinkFor } from './factor-link'
import { hasPasskey, provedFactor, willAskForFactor } from './factors'
import { halfSignedIn, hasRecoveryCode, RECOVERY_CODE } from './half-sign-in'
import { emailedLink, publicLink, seededLink, seededProof, seededRequest } from './join-links'
import { invitationOf, linkFor, resetLink, resetPage, withResetToken, withToken } from './links'
import { reported, reviewed, waiting } from './lists'
import { assertionOf, attestationOf, challengeFor, hasSoftPasskey, type SoftPasskey, softPasskey } from './passkey'
import { insertSession } from './session'
import { allowSetup, SETUP_TOKEN } from './setup-token'
import { usesTraces } from './signed-in-to-apps'
import { begin, connected, tool } from './tool'
import { eventOf, type Signed, sentMail, signed } from './webhook'
import { startEmpty } from './world'

type Fields = Record<string, string | string[]>

/** Who is let in and no less: everybody, somebody with a session, an admin, somebody who opened their link (a holder that of a join link, a prover the one it had emailed), somebody whose password was right, or the first of all. */
export type Caller =
  | 'anyone'
  | 'user'
  | 'admin'
  | 'invitee'
  | 'resetter'
  | 'joiner'
  | 'holder'
  | 'halfway'
  | 'enroller'
  | 'prover'
  | 'founder'
  | 'provider'
  | 'monitor'

/**
 * How one route is called so that it succeeds, in the seeded world. `trips` is its budget of D1 round trips (docs/architecture.md).
 * `path` is needed where the pattern has a parameter other than the workspace, and `foreign` is then the same path with an object of another
 * workspace.
 */
export type Route = {
  by: Caller
  trips: number
  /** It asks for a fresh proof of who asks. */
  fresh?: true
  /** By somebody who has an authenticator app and recovery codes, and has proven it. */
  protected?: true
  path?: string | (() => Promise<string>)
  foreign?: string | (() => Promise<string>)
  fields?: Fields | (() => Promise<Fields>)
  /** What a caller sends that signs instead of filling in a form. */
  signs?: () => Promise<Signed>
}

/** What a monitor sends along. */
export const MONITOR = { Authorization: 'Bearer only-a-monitor-of-the-tests-has-this' }

const PAGE = 1
const CHANGE = 2
const STATIC = 0

export const PASS_PHRASE = 'local only pass phrase'
export const NEW_PASSWORD = 'plum teapot orbit canyon'

/** A sign-in that waits for its second factor. */
const HALF = 'half-sign-in-of-bob'

const FOUNDING = { workspace: 'Initech', name: 'Fay Founder', email: 'fay@initech.test', password: NEW_PASSWORD }

const NORA = 'nora@acme.test'
const TRIAGE = '/w/acme/agents/agent-support-triage'
const OTHER_REVIEW = '/w/acme/access/reviews/of-globex'
const TOLD_OF = { id: 'mail-told-of', requestId: 'request-mail-told-of' }
const PLANNER = '/w/acme/agents/agent-route-planner'
const AGENT = {
  name: 'Night Watch',
  description: 'Watches.',
  url: 'https://agents.acme.test/night',
  tags: 'ops, night',
  live: 'on',
}

const CONSENT = { app: 'traces', version: '1', scope: 'openid email', next: 'client_id=traces' }

const PRESET = {
  name: 'Night shift',
  section: ['', 'agents', 'logs'],
  mode: 'list',
  agent: 'agent-support-triage',
  until: '2099-12-31',
}

const APP = {
  for: 'section:traces',
  name: 'Grafana',
  auth: 'secret',
  redirect_uris: 'https://grafana.acme.test/callback',
  logout_uri: 'https://grafana.acme.test/logout',
}

/** Every route of the app, by method and pattern; what follows a `?` or a space tells ways of calling one route apart. */
export const ROUTES: Record<string, Route> = {
  'GET /': { by: 'user', trips: PAGE },
  'GET /healthz': { by: 'anyone', trips: STATIC },
  'GET /healthz/deep': { by: 'monitor', trips: PAGE, path: watched },
  'GET /setup?token': { by: 'anyone', trips: STATIC, path: `/setup?token=${SETUP_TOKEN}` },
  'GET /setup': { by: 'founder', trips: PAGE },
  'POST /setup': { by: 'founder', trips: CHANGE, fields: FOUNDING },
  'GET /login': { by: 'anyone', trips: PAGE },
  'GET /login/second-step': { by: 'halfway', trips: PAGE, path: `/login/second-step?in=${HALF}` },
  'POST /login/second-step': { by: 'halfway', trips: CHANGE, fields: { sign_in: HALF, code: RECOVERY_CODE } },
  'POST /login': { by: 'anyone', trips: CHANGE, fields: { email: 'bob@acme.test', password: PASS_PHRASE } },
  'POST /login/passkey/options': { by: 'anyone', trips: PAGE },
  'POST /login/passkey': { by: 'anyone', trips: CHANGE, path: passkeyOfBob, fields: signedByPasskey },
  'GET /confirm': { by: 'user', trips: PAGE },
  'POST /confirm': { by: 'user', trips: CHANGE, fields: { password: PASS_PHRASE } },
  'POST /confirm/options': { by: 'user', trips: CHANGE },
  'GET /.well-known/change-password': { by: 'anyone', trips: STATIC },
  'POST /logout': { by: 'anyone', trips: CHANGE },
  'POST /logout (signed in)': { by: 'user', trips: CHANGE },
  'GET /forgot-password': { by: 'anyone', trips: STATIC },
  'POST /forgot-password': { by: 'anyone', trips: CHANGE, fields: { email: 'bob@acme.test' } },
  'POST /forgot-password (pending)': { by: 'anyone', trips: CHANGE, fields: { email: 'pia@acme.test' } },
  'GET /reset-password?token': { by: 'anyone', trips: STATIC, path: resetLink },
  'GET /reset-password/:link': { by: 'resetter', trips: PAGE, path: resetPage },
  'POST /reset-password/:link': {
    by: 'resetter',
    trips: CHANGE,
    path: resetPage,
    fields: withResetToken({ password: NEW_PASSWORD }),
  },
  'GET /second-factor?token': { by: 'anyone', trips: STATIC, path: async () => (await factorLinkFor()).url },
  'GET /second-factor/:link': { by: 'enroller', trips: PAGE, path: factorPage('page') },
  'POST /second-factor/:link': {
    by: 'enroller',
    trips: CHANGE,
    path: factorPage('page'),
    fields: withFactorToken({ password: PASS_PHRASE }),
  },
  'GET /second-factor/:link/set-up/:signIn': { by: 'enroller', trips: PAGE, path: factorPage('setUp') },
  'POST /second-factor/:link/authenticator-app': {
    by: 'enroller',
    trips: CHANGE,
    path: factorPage('authenticatorApp'),
    fields: async () => withFactorToken({ sign_in: HALF, ...(await scanned()) })(),
  },
  'POST /second-factor/:link/passkey/options': {
    by: 'enroller',
    trips: CHANGE,
    path: factorPage('options'),
    fields: withFactorToken({ sign_in: HALF }),
  },
  'POST /second-factor/:link/passkey': {
    by: 'enroller',
    trips: CHANGE,
    path: factorPage('passkey'),
    fields: async () => withFactorToken({ sign_in: HALF, response: await passkeyInBrowser() })(),
  },
  'GET /lost-second-factor': { by: 'anyone', trips: STATIC },
  'GET /invitation?token': { by: 'anyone', trips: STATIC, path: () => linkIn('pia@acme.test') },
  'GET /invitation/:link': { by: 'invitee', trips: PAGE, path: invitationOf('pia', 'page') },
  'POST /invitation/:link/accept': {
    by: 'invitee',
    trips: CHANGE,
    path: invitationOf('pia', 'accept'),
    fields: withToken('pia', { password: NEW_PASSWORD, name: 'Pia' }),
  },
  'POST /invitation/:link/passkey': {
    by: 'invitee',
    trips: CHANGE,
    path: invitationOf('pia', 'passkey'),
    fields: withToken('pia', {}),
  },
  'POST /invitation/:link/accept (joining)': {
    by: 'joiner',
    trips: CHANGE,
    path: invitationOf('bob', 'accept'),
    fields: withToken('bob', {}),
  },
  'POST /invitation/:link/opened': { by: 'invitee', trips: 1, path: invitationOf('pia', 'opened'), fields: withToken('pia', {}) },
  'POST /invitation/:link/decline': {
    by: 'invitee',
    trips: CHANGE,
    path: invitationOf('pia', 'decline'),
    fields: withToken('pia', {}),
  },
  'POST /invitation/:link/decline (never)': {
    by: 'invitee',
    trips: CHANGE,
    path: invitationOf('pia', 'decline'),
    fields: withToken('pia', { never: 'on' }),
  },
  'POST /invitation/:link/allow': {
    by: 'invitee',
    trips: CHANGE,
    path: invitationOf('pia', 'allow'),
    fields: withToken('pia', {}),
  },
  'POST /invitation/:link/renew': {
    by: 'invitee',
    trips: CHANGE,
    path: invitationOf('pia', 'renew'),
    fields: withToken('pia', {}),
  },
  'GET /join?token': { by: 'anyone', trips: STATIC, path: async () => (await publicLink(await seededLink())).url },
  'GET /join/:link': { by: 'holder', trips: PAGE, path: joinPage },
  'GET /join/:link/sent': { by: 'anyone', trips: STATIC, path: async () => `${await joinPage()}/sent` },
  'POST /join/:link': { by: 'holder', trips: CHANGE, path: joinPage, fields: withJoinToken({ email: 'nora@acme.test' }) },
  'GET /join/confirm?token': { by: 'anyone', trips: STATIC, path: async () => (await emailedLink(await seededProof(NORA))).url },
  'GET /join/confirm/:link': { by: 'prover', trips: PAGE, path: proofPage('page') },
  'POST /join/confirm/:link/join': {
    by: 'prover',
    trips: CHANGE,
    path: proofPage('join'),
    fields: withProofToken(NORA, { password: NEW_PASSWORD, name: 'Nora' }),
  },
  'POST /join/confirm/:link/ask': {
    by: 'prover',
    trips: CHANGE,
    path: proofPage('ask', NORA, { approval: true }),
    fields: withProofToken(NORA, { name: 'Nora' }),
  },
  'POST /join/confirm/:link/invitation': {
    by: 'prover',
    trips: PAGE,
    path: proofPage('invitation', 'pia@acme.test'),
    fields: withProofToken('pia@acme.test', {}),
  },
  'GET /w/:workspace/access/join-links': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/join-links?cursor': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/join-links?cursor=9999999999999.x&row=26',
  },
  'GET /w/:workspace/access/join-links/new': { by: 'admin', fresh: true, trips: PAGE },
  'POST /w/:workspace/access/join-links': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    fields: {
      label: 'Course',
      uses: '50',
      days: '7',
      domains: 'acme.test',
      approval: 'on',
      section: ['', 'logs'],
      agent_mode: 'all',
    },
  },
  'GET /w/:workspace/access/join-links/:id': { by: 'admin', trips: PAGE, path: linkPath(), foreign: linkPath('', 'globex') },
  'GET /w/:workspace/access/join-links/:id/off': {
    by: 'admin',
    trips: PAGE,
    path: linkPath('/off'),
    foreign: linkPath('/off', 'globex'),
  },
  'POST /w/:workspace/access/join-links/:id/off': {
    by: 'admin',
    trips: CHANGE,
    path: linkPath('/off'),
    foreign: linkPath('/off', 'globex'),
  },
  'POST /w/:workspace/access/join-links/:id/disable': {
    by: 'admin',
    trips: CHANGE,
    path: linkPath('/disable'),
    foreign: linkPath('/disable', 'globex'),
    fields: { since: '2026-01-01T00:00', count: '0' },
  },
  'GET /w/:workspace/access/requests': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/requests?cursor': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/requests?cursor=1.x&row=26',
  },
  'GET /w/:workspace/access/requests/:id': { by: 'admin', trips: PAGE, path: requestPath(), foreign: requestPath('', 'globex') },
  'POST /w/:workspace/access/requests/:id/approve': {
    by: 'admin',
    trips: CHANGE,
    path: requestPath('/approve'),
    foreign: requestPath('/approve', 'globex'),
  },
  'POST /w/:workspace/access/requests/:id/decline': {
    by: 'admin',
    trips: CHANGE,
    path: requestPath('/decline'),
    foreign: requestPath('/decline', 'globex'),
  },
  'GET /w/:workspace/access/requests/apps': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/requests/apps?cursor': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/requests/apps?cursor=1.x.y&row=26',
  },
  'POST /w/:workspace/access/requests/apps/:member/:app/approve': {
    by: 'admin',
    trips: CHANGE,
    path: accessRequestPath('/approve'),
    foreign: accessRequestPath('/approve', 'globex'),
    fields: { asked: String(ASKED_AT), gets: 'section' },
  },
  'POST /w/:workspace/access/requests/apps/:member/:app/decline': {
    by: 'admin',
    trips: CHANGE,
    path: accessRequestPath('/decline'),
    foreign: accessRequestPath('/decline', 'globex'),
    fields: { asked: String(ASKED_AT), gets: 'section' },
  },
  'GET /agents': { by: 'user', trips: PAGE },
  'GET /access': { by: 'user', trips: PAGE },
  'GET /w/:workspace': { by: 'user', trips: PAGE },
  'GET /w/:workspace/access': { by: 'admin', trips: PAGE },
  'POST /w/:workspace/leave': { by: 'user', trips: CHANGE },
  'POST /w/:workspace/notices': { by: 'admin', trips: CHANGE, fields: { notices: 'daily' } },
  'GET /w/:workspace/agents': { by: 'user', trips: PAGE },
  'GET /w/:workspace/agents?filter': { by: 'user', trips: PAGE, path: '/w/acme/agents?q=triage&tag=support' },
  'GET /w/:workspace/agents/new': { by: 'admin', trips: PAGE },
  'POST /w/:workspace/agents': { by: 'admin', trips: CHANGE, fields: AGENT },
  'GET /w/:workspace/agents/:id': { by: 'user', trips: PAGE, path: TRIAGE, foreign: PLANNER },
  'GET /w/:workspace/agents/:id/open': { by: 'user', trips: PAGE, path: `${TRIAGE}/open`, foreign: `${PLANNER}/open` },
  'GET /w/:workspace/agents/:id/edit': { by: 'admin', trips: PAGE, path: `${TRIAGE}/edit`, foreign: `${PLANNER}/edit` },
  'POST /w/:workspace/agents/:id': { by: 'admin', trips: CHANGE, path: TRIAGE, foreign: PLANNER, fields: AGENT },
  'POST /w/:workspace/agents/:id (offline)': {
    by: 'admin',
    trips: CHANGE,
    path: TRIAGE,
    foreign: PLANNER,
    fields: { live: 'off' },
  },
  'POST /w/:workspace/agents/:id/delete': { by: 'admin', trips: CHANGE, path: `${TRIAGE}/delete`, foreign: `${PLANNER}/delete` },
  'GET /w/:workspace/sections/:section': { by: 'user', trips: PAGE, path: '/w/acme/sections/traces' },
  'GET /w/:workspace/sections/:section/open': { by: 'user', trips: PAGE, path: connectedSection },
  'GET /w/:workspace/access/users': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/users?filter': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/users?q=a&status=active&role=user&cursor=a',
  },
  'GET /w/:workspace/access/users?before': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/users?status=disabled&before=z&row=51',
  },
  'GET /w/:workspace/access/users?order': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/users?q=a&status=pending&order=active&dir=desc&cursor=1%20a',
  },
  'GET /w/:workspace/access/activity?before': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/activity?person=bob&kind=all&before=1.x&row=51',
  },
  'GET /w/:workspace/access/users?attention': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/users?q=a&status=attention&cursor=a',
  },
  'GET /w/:workspace/access/users?no_factor': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/users?q=a&status=no_factor&cursor=a&order=name',
  },
  'POST /w/:workspace/access/users/export': { by: 'admin', fresh: true, trips: CHANGE, fields: { format: 'csv' } },
  'POST /w/:workspace/access/users/:id/resend': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/users/pia/resend',
    foreign: '/w/acme/access/users/cat/resend',
  },
  'POST /w/:workspace/access/users/:id/delete': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/users/pia/delete',
    foreign: '/w/acme/access/users/cat/delete',
  },
  'GET /w/:workspace/access/users/:id': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/users/bob',
    foreign: '/w/acme/access/users/cat',
  },
  'POST /w/:workspace/access/users/:id/address': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: '/w/acme/access/users/pia/address',
    foreign: '/w/acme/access/users/cat/address',
    fields: { email: 'pia.new@acme.test' },
  },
  'GET /w/:workspace/access/users/:id/copy-link': {
    by: 'admin',
    fresh: true,
    trips: PAGE,
    path: '/w/acme/access/users/pia/copy-link',
    foreign: '/w/acme/access/users/cat/copy-link',
  },
  'POST /w/:workspace/access/users/:id/copy-link': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: '/w/acme/access/users/pia/copy-link',
    foreign: '/w/acme/access/users/cat/copy-link',
  },
  'POST /w/:workspace/access/users/:id/role': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: '/w/acme/access/users/bob/role',
    foreign: '/w/acme/access/users/cat/role',
    fields: { role: 'admin' },
  },
  'POST /w/:workspace/access/users/:id/disable': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/users/bob/disable',
    foreign: '/w/acme/access/users/cat/disable',
  },
  'POST /w/:workspace/access/users/:id/enable': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/users/dov/enable',
    foreign: '/w/acme/access/users/cat/enable',
  },
  'POST /w/:workspace/access/users/:id/end-date': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/users/bob/end-date',
    foreign: '/w/acme/access/users/cat/end-date',
    fields: { until: '2099-12-31' },
  },
  'POST /w/:workspace/access/users/:id/sign-out': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: '/w/acme/access/users/bob/sign-out',
    foreign: '/w/acme/access/users/cat/sign-out',
  },
  'POST /w/:workspace/access/users/:id/apps/:app/sign-out': {
    by: 'admin',
    trips: CHANGE,
    fresh: true,
    path: memberAppPath('bob'),
    foreign: memberAppPath('cat'),
  },
  'POST /w/:workspace/access/users/:id/reset-factor': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: '/w/acme/access/users/bob/reset-factor',
    foreign: '/w/acme/access/users/cat/reset-factor',
  },
  'POST /w/:workspace/access/undo/:id': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: undoPath,
    foreign: '/w/acme/access/undo/of-cat',
  },
  'POST /w/:workspace/access/users/:id/preset': {
    by: 'admin',
    trips: CHANGE,
    path: preset('/w/acme/access/users/bob/preset'),
    foreign: '/w/acme/access/users/cat/preset',
    fields: { preset: 'preset-support' },
  },
  'POST /w/:workspace/access/users/:id/preset (none)': {
    by: 'admin',
    trips: CHANGE,
    path: preset('/w/acme/access/users/pia/preset'),
    foreign: '/w/acme/access/users/cat/preset',
    fields: { preset: '' },
  },
  'GET /w/:workspace/access/presets': { by: 'admin', trips: PAGE, path: preset('/w/acme/access/presets') },
  'GET /w/:workspace/access/presets/new': { by: 'admin', trips: PAGE },
  'POST /w/:workspace/access/presets': { by: 'admin', trips: CHANGE, fields: PRESET },
  'GET /w/:workspace/access/presets/:id': {
    by: 'admin',
    trips: PAGE,
    path: preset('/w/acme/access/presets/preset-support'),
    foreign: '/w/acme/access/presets/preset-globex',
  },
  'GET /w/:workspace/access/presets/:id?differ': {
    by: 'admin',
    trips: PAGE,
    path: preset('/w/acme/access/presets/preset-support?differ=on&cursor=a'),
    foreign: '/w/acme/access/presets/preset-globex?differ=on',
  },
  'GET /w/:workspace/access/presets/:id/edit': {
    by: 'admin',
    trips: PAGE,
    path: preset('/w/acme/access/presets/preset-support/edit'),
    foreign: '/w/acme/access/presets/preset-globex/edit',
  },
  'POST /w/:workspace/access/presets/:id': {
    by: 'admin',
    trips: CHANGE,
    path: preset('/w/acme/access/presets/preset-support'),
    foreign: '/w/acme/access/presets/preset-globex',
    fields: PRESET,
  },
  'POST /w/:workspace/access/presets/:id/delete': {
    by: 'admin',
    trips: CHANGE,
    path: preset('/w/acme/access/presets/preset-support/delete'),
    foreign: '/w/acme/access/presets/preset-globex/delete',
  },
  'POST /w/:workspace/access/presets/:id/realign': {
    by: 'admin',
    trips: CHANGE,
    path: preset('/w/acme/access/presets/preset-support/realign'),
    foreign: '/w/acme/access/presets/preset-globex/realign',
    fields: { version: '1', people: '1' },
  },
  'GET /w/:workspace/access/changes/:change': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/changes/resend?member=bob&member=pia&list=status%3Dpending',
  },
  'GET /w/:workspace/access/changes/:change?all': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/changes/disable?all=on&list=status%3Dactive%26role%3Duser',
  },
  'POST /w/:workspace/access/changes/:change': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/changes/disable',
    fields: () => selected({ member: ['bob', 'ada'], state: ['active', 'active'] }),
  },
  'POST /w/:workspace/access/changes/:change (all)': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: '/w/acme/access/changes/make_admin',
    fields: everybodyDisabled,
  },
  'POST /w/:workspace/access/changes/:change (delete)': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: '/w/acme/access/changes/delete',
    fields: () => selected({ member: ['bob', 'dov'], state: ['active', 'disabled'], people: '2', typed: '2' }),
  },
  'POST /w/:workspace/access/changes/:change (end date)': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/changes/end_date',
    fields: () => selected({ member: ['bob', 'pia'], state: ['active', 'pending'], until: '2099-12-31' }),
  },
  'POST /w/:workspace/access/changes/:change (preset)': {
    by: 'admin',
    trips: CHANGE,
    path: preset('/w/acme/access/changes/preset'),
    fields: () => selected({ member: ['bob', 'dov'], state: ['active', 'disabled'], preset: 'preset-support' }),
  },
  'POST /w/:workspace/access/changes/:change (resend)': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/changes/resend',
    fields: () => selected({ member: ['pia'], state: ['pending'] }),
  },
  'POST /w/:workspace/access/changes/:change (cancel)': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/changes/cancel',
    fields: () => selected({ member: ['pia'], state: ['pending'] }),
  },
  'POST /w/:workspace/access/undo/:id (many)': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: () => undoOfMany('acme'),
    foreign: () => undoOfMany('globex'),
  },
  'GET /w/:workspace/access/jobs/:id': { by: 'admin', trips: PAGE, path: () => jobPath('acme'), foreign: () => jobPath('globex') },
  'GET /w/:workspace/access/jobs/:id/report.csv': {
    by: 'admin',
    fresh: true,
    trips: PAGE,
    path: async () => `${await jobPath('acme')}/report.csv`,
    foreign: async () => `${await jobPath('globex')}/report.csv`,
  },
  'GET /w/:workspace/access/activity': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/activity?filter': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/activity?person=bob&kind=signed_in&cursor=9999999999999.x',
  },
  'POST /w/:workspace/access/activity/export': { by: 'admin', fresh: true, trips: CHANGE, fields: { format: 'json', kind: 'all' } },
  'GET /w/:workspace/access/activity?who': { by: 'admin', trips: PAGE, path: '/w/acme/access/activity?who=acme.test&kind=all' },
  'GET /w/:workspace/access/reviews': { by: 'admin', trips: PAGE },
  'POST /w/:workspace/access/reviews': {
    by: 'admin',
    trips: CHANGE,
    fields: { id: '0f9a3c1e-5b0e-4a57-9a3f-6d1f0c2b7a11', status: 'active' },
  },
  'GET /w/:workspace/access/reviews/:id': { by: 'admin', trips: PAGE, path: () => reviewPath(), foreign: OTHER_REVIEW },
  'GET /w/:workspace/access/reviews/:id?filter': {
    by: 'admin',
    trips: PAGE,
    path: () => reviewPath('?verdict=undecided&cursor=1&row=2'),
    foreign: OTHER_REVIEW,
  },
  'POST /w/:workspace/access/reviews/:id': {
    by: 'admin',
    trips: CHANGE,
    path: () => reviewPath(),
    foreign: OTHER_REVIEW,
    fields: { do: 'keep', row: ['1', '2'] },
  },
  'GET /w/:workspace/access/reviews/:id/finish': {
    by: 'admin',
    fresh: true,
    trips: PAGE,
    path: () => reviewPath('/finish'),
    foreign: `${OTHER_REVIEW}/finish`,
  },
  'POST /w/:workspace/access/reviews/:id/finish': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: () => reviewPath('/finish'),
    foreign: `${OTHER_REVIEW}/finish`,
    fields: { removes: '1', version: '2' },
  },
  'POST /w/:workspace/access/reviews/:id/export': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: () => reviewPath('/export'),
    foreign: `${OTHER_REVIEW}/export`,
    fields: { format: 'csv' },
  },
  'GET /w/:workspace/access/permissions': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/permissions?filter': { by: 'admin', trips: PAGE, path: '/w/acme/access/permissions?q=a&cursor=a' },
  'POST /w/:workspace/access/permissions/defaults': { by: 'admin', trips: CHANGE, fields: { section: 'traces', access: 'off' } },
  'POST /w/:workspace/access/permissions/defaults/keep': { by: 'admin', trips: CHANGE },
  'POST /w/:workspace/access/permissions/columns': {
    by: 'admin',
    trips: CHANGE,
    fields: { section: 'traces', member: ['bob', 'pia'], access: ['off', 'on'] },
  },
  'POST /w/:workspace/access/permissions/:id': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/permissions/bob',
    foreign: '/w/acme/access/permissions/cat',
    fields: { section: 'traces', access: 'off' },
  },
  'GET /w/:workspace/access/agents': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/agents?filter': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/agents?q=a&cursor=a&agent_q=a&agents_after=A%2Fa',
  },
  'POST /w/:workspace/access/agents/:id': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/agents/bob',
    foreign: '/w/acme/access/agents/cat',
    fields: { agent: 'agent-support-triage', access: 'off' },
  },
  'POST /w/:workspace/access/agents/:id (mode)': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/agents/bob',
    foreign: '/w/acme/access/agents/cat',
    fields: { mode: 'list', agent: 'agent-support-triage' },
  },
  'GET /w/:workspace/access/agents/:id/edit': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/agents/bob/edit',
    foreign: '/w/acme/access/agents/cat/edit',
  },
  'POST /w/:workspace/access/agents/:id/edit': {
    by: 'admin',
    trips: CHANGE,
    path: '/w/acme/access/agents/bob/edit',
    foreign: '/w/acme/access/agents/cat/edit',
    fields: { mode: 'list', shown: 'all', agent: 'agent-support-triage' },
  },
  'POST /w/:workspace/access/agents/columns': {
    by: 'admin',
    trips: CHANGE,
    fields: { agent: 'agent-support-triage', member: ['bob', 'pia'], access: 'off' },
  },
  'GET /w/:workspace/access/invitations/new': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/invitations/new?like': {
    by: 'admin',
    trips: PAGE,
    path: '/w/acme/access/invitations/new?like=pia',
  },
  'POST /w/:workspace/access/invitations': {
    by: 'admin',
    trips: CHANGE,
    fields: { email: 'nell@acme.test', role: 'user', note: 'Hello' },
  },
  'POST /w/:workspace/access/invitations (preset)': {
    by: 'admin',
    trips: CHANGE,
    path: preset('/w/acme/access/invitations'),
    fields: {
      email: 'nell@acme.test',
      role: 'user',
      preset: 'preset-support',
      preset_shown: 'preset-support',
      section: ['', 'logs'],
      agent_mode: 'list',
    },
  },
  'POST /w/:workspace/access/invitations/unsent': { by: 'admin', trips: CHANGE, path: unsentPath },
  'GET /w/:workspace/access/invitations/many': { by: 'admin', trips: PAGE },
  'POST /w/:workspace/access/invitations/many': {
    by: 'admin',
    trips: CHANGE,
    fields: { list: 'Zoe Park <zoe@corp.test>, sam@corp.test', role: 'user', note: 'Hello' },
  },
  'GET /w/:workspace/access/invitations/many/:id': { by: 'admin', trips: PAGE, path: reviewed(''), foreign: reviewed('', 'cat') },
  'GET /w/:workspace/access/invitations/many/:id (sent)': {
    by: 'admin',
    trips: PAGE,
    path: reported(''),
    foreign: reported('', 'cat'),
  },
  'GET /w/:workspace/access/invitations/many/:id/report.csv': {
    by: 'admin',
    fresh: true,
    trips: PAGE,
    path: reported('/report.csv'),
    foreign: reported('/report.csv', 'cat'),
  },
  'POST /w/:workspace/access/invitations/many/:id/rows/:n': {
    by: 'admin',
    trips: CHANGE,
    path: reviewed('/rows/2'),
    foreign: reviewed('/rows/2', 'cat'),
    fields: { version: '1', email: 'ann@corp.test', do: 'save' },
  },
  'POST /w/:workspace/access/invitations/many/:id/leave-out': {
    by: 'admin',
    trips: CHANGE,
    path: reviewed('/leave-out'),
    foreign: reviewed('/leave-out', 'cat'),
  },
  'POST /w/:workspace/access/invitations/many/:id/discard': {
    by: 'admin',
    trips: CHANGE,
    path: reviewed('/discard'),
    foreign: reviewed('/discard', 'cat'),
  },
  'POST /w/:workspace/access/invitations/many/:id/send': {
    by: 'admin',
    trips: CHANGE,
    path: reviewed('/send'),
    foreign: reviewed('/send', 'cat'),
    fields: { version: '1', later: 'on' },
  },
  'POST /w/:workspace/access/invitations/many/:id/cancel': {
    by: 'admin',
    trips: CHANGE,
    path: waiting,
    foreign: reported('/cancel', 'cat'),
  },
  'POST /w/:workspace/access/invitations/many/:id/retry': {
    by: 'admin',
    trips: CHANGE,
    path: reported('/retry'),
    foreign: reported('/retry', 'cat'),
  },
  'GET /w/:workspace/access/apps': { by: 'admin', trips: PAGE, path: appsPath },
  'GET /w/:workspace/access/apps?cursor': {
    by: 'admin',
    trips: PAGE,
    path: async () => `${await appsPath()}?cursor=app-acme&row=26`,
  },
  'GET /w/:workspace/access/apps/new': { by: 'admin', trips: PAGE },
  'GET /w/:workspace/access/apps/new?for': {
    by: 'admin',
    fresh: true,
    trips: PAGE,
    path: '/w/acme/access/apps/new?for=agent%3Aagent-support-triage',
  },
  'POST /w/:workspace/access/apps': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    fields: async () => ({ ...APP, form: crypto.randomUUID() }),
  },
  'GET /w/:workspace/access/apps/:id': { by: 'admin', trips: PAGE, path: appPath(), foreign: appPath('', 'globex') },
  'GET /w/:workspace/access/apps/:id?cursor': {
    by: 'admin',
    trips: PAGE,
    path: appPath('?cursor=9999999999999.x&row=26'),
    foreign: appPath('?cursor=9999999999999.x&row=26', 'globex'),
  },
  'GET /w/:workspace/access/apps/:id/try': { by: 'admin', trips: PAGE, path: appPath('/try'), foreign: appPath('/try', 'globex') },
  'GET /w/:workspace/access/apps/:id/edit': {
    by: 'admin',
    trips: PAGE,
    path: appPath('/edit'),
    foreign: appPath('/edit', 'globex'),
  },
  'POST /w/:workspace/access/apps/:id': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: appPath(),
    foreign: appPath('', 'globex'),
    fields: { name: 'Grafana', redirect_uris: 'https://grafana.acme.test/callback', hosts: 'mlflow.acme.test' },
  },
  'POST /w/:workspace/access/apps/:id (name)': {
    by: 'admin',
    trips: CHANGE,
    path: appPath(),
    foreign: appPath('', 'globex'),
    fields: { name: 'Grafana', redirect_uris: 'https://traces.example/callback' },
  },
  'POST /w/:workspace/access/apps/:id/secret': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: appPath('/secret'),
    foreign: appPath('/secret', 'globex'),
    fields: { made: '' },
  },
  'POST /w/:workspace/access/apps/:id/former-secret': {
    by: 'admin',
    trips: CHANGE,
    path: appPath('/former-secret'),
    foreign: appPath('/former-secret', 'globex'),
  },
  'POST /w/:workspace/access/apps/:id/consent': {
    by: 'admin',
    trips: CHANGE,
    path: appPath('/consent'),
    foreign: appPath('/consent', 'globex'),
    fields: { for_all: 'off' },
  },
  'POST /w/:workspace/access/apps/:id/logouts/:logout/retry': {
    by: 'admin',
    trips: CHANGE,
    path: logoutPath(),
    foreign: logoutPath('globex'),
  },
  'POST /w/:workspace/access/apps/:id/disconnect': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    path: appPath('/disconnect'),
    foreign: appPath('/disconnect', 'globex'),
  },
  'GET /w/:workspace/access/settings': { by: 'admin', trips: PAGE },
  'POST /w/:workspace/access/settings': {
    by: 'admin',
    trips: CHANGE,
    fields: { name: 'Acme GmbH', lifetime_hours: '24', url_traces: 'https://traces.acme.test', url_logs: '' },
  },
  'POST /w/:workspace/access/settings (second factor)': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    fields: { factor_policy: 'everybody', factor_grace_days: '14' },
  },
  'POST /w/:workspace/access/settings (MCP clients)': {
    by: 'admin',
    fresh: true,
    trips: CHANGE,
    fields: { metadata_clients: 'on' },
  },
  'GET /w/:workspace/access/mail': { by: 'admin', trips: PAGE },
  'POST /w/:workspace/access/mail/test': { by: 'admin', trips: CHANGE },
  'GET /account': { by: 'user', trips: PAGE },
  'GET /account/second-factor': { by: 'user', trips: PAGE },
  'POST /account/second-factor/link': { by: 'user', trips: CHANGE, path: asking('/account/second-factor/link') },
  'POST /account/passkeys/options': { by: 'user', trips: CHANGE, fresh: true },
  'POST /account/passkeys': { by: 'user', trips: CHANGE, fresh: true, fields: newPasskey },
  'POST /account/passkeys/:id/name': {
    by: 'user',
    trips: CHANGE,
    path: passkeyPath('bob', 'name'),
    foreign: passkeyPath('cat', 'name'),
    fields: { name: 'Laptop' },
  },
  'POST /account/passkeys/:id/remove': {
    by: 'user',
    trips: CHANGE,
    fresh: true,
    protected: true,
    path: passkeyPath('bob', 'remove'),
    foreign: passkeyPath('cat', 'remove'),
  },
  'POST /account/sign-out': { by: 'user', fresh: true, trips: CHANGE },
  'GET /account/authenticator-app': { by: 'user', trips: PAGE, fresh: true },
  'POST /account/authenticator-app': { by: 'user', trips: CHANGE, fresh: true, fields: () => totpForm('bob') },
  'POST /account/authenticator-app (another)': {
    by: 'user',
    protected: true,
    trips: CHANGE,
    fresh: true,
    fields: () => totpForm('bob', 'app-bob'),
  },
  'POST /account/authenticator-app/remove': { by: 'user', protected: true, trips: CHANGE, fresh: true, fields: { app: 'app-bob' } },
  'POST /account/recovery-codes': { by: 'user', protected: true, trips: CHANGE, fresh: true, fields: { made: '5' } },
  'POST /account/recovery-codes/download': {
    by: 'user',
    trips: PAGE,
    fields: { codes: '0123-4567-89AB-CDEF-GHJK-1110' },
  },
  'POST /account/name': { by: 'user', trips: CHANGE, fields: { name: 'Robert' } },
  'POST /account/password': { by: 'user', trips: CHANGE, fields: { current: PASS_PHRASE, password: NEW_PASSWORD } },
  'POST /account/password/first': { by: 'user', trips: CHANGE, fresh: true, path: noPassword, fields: { password: NEW_PASSWORD } },
  'POST /account/confirm': { by: 'user', trips: CHANGE },
  'POST /account/sessions/:id/end': {
    by: 'user',
    fresh: true,
    trips: CHANGE,
    path: () => sessionPath('bob'),
    foreign: () => sessionPath('cat'),
  },
  'POST /account/browsers/:id/forget': {
    by: 'user',
    trips: CHANGE,
    fresh: true,
    path: () => browserPath('bob'),
    foreign: () => browserPath('cat'),
  },
  'POST /account/apps/:app/sign-out': {
    by: 'user',
    trips: CHANGE,
    path: ownAppPath('sign-out'),
    foreign: ownAppPath('sign-out', 'globex'),
    fields: { client: '' },
  },
  'POST /account/apps/:app/withdraw': {
    by: 'user',
    trips: CHANGE,
    path: ownAppPath('withdraw'),
    foreign: ownAppPath('withdraw', 'globex'),
    fields: { client: '' },
  },
  'GET /workspaces': { by: 'user', trips: PAGE },
  'GET /oauth/continue': {
    by: 'anyone',
    trips: STATIC,
    path: async () => (await authorizePath()).replace('authorize', 'continue'),
  },
  'GET /oauth/forward/continue': { by: 'anyone', trips: STATIC },
  'POST /oauth/ask': {
    by: 'user',
    trips: CHANGE,
    path: askPath,
    fields: { app: 'traces', next: '/oauth/continue?client_id=traces' },
  },
  'POST /oauth/consent': { by: 'user', trips: CHANGE, path: consentPath, fields: CONSENT },
  'GET /oauth/logout': { by: 'anyone', trips: PAGE },
  'POST /oauth/sign-out': { by: 'anyone', trips: CHANGE, fields: { next: '' } },
  'GET /oauth/signed-out': { by: 'anyone', trips: PAGE },
  'POST /webhooks/mail/:provider': { by: 'provider', trips: PAGE, path: '/webhooks/mail/mailchannels', signs: signedNews },
}

export const routeNames = Object.keys(ROUTES)
export const getters = routeNames.filter((name) => name.startsWith('GET '))
/** The forms: what is signed comes from another origin, and answers for itself in src/routes/webhooks.test.ts. */
export const posters = routeNames.filter((name) => name.startsWith('POST ') && !ROUTES[name]?.signs)

/** What the app itself says it has, but for what tools ask and send people to, which src/routes/oidc tests. */
export const patterns = () =>
  app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(namedRoute)
    .filter((name) => !OF_TOOLS.has(name))
const namedRoute = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const OF_TOOLS = new Set([...endpoints.routes, ...authorize.routes, ...forwardAuth.routes, ...forwardSignIn.routes].map(namedRoute))
export const patternOf = (name: string) => name.replace(/( \(|\?).*$/, '')

export function routeNamed(name: string): Route & { method: string; pattern: string } {
  const route = ROUTES[name]
  if (!route) throw new Error(`${name} is missing in test/routes.ts`)
  const [method = '', pattern = ''] = patternOf(name).split(' ')
  return { ...route, method, pattern }
}

export async function pathOf(name: string): Promise<string> {
  const { path, pattern } = routeNamed(name)
  return typeof path === 'function' ? path() : (path ?? pattern.replace(':workspace', 'acme'))
}

export async function fieldsOf(name: string): Promise<Fields> {
  const { fields = {} } = routeNamed(name)
  return typeof fields === 'function' ? fields() : fields
}

/** Makes the call of the table; `fields` replace its form. */
export async function call(client: Client, name: string, { fields, ...options }: CallOptions = {}) {
  const { method, signs, by } = routeNamed(name)
  const path = options.path ?? (await pathOf(name))
  if (signs) return client.sign(path, await signs())
  return method === 'POST'
    ? client.post(path, fields ?? (await fieldsOf(name)), options)
    : client.send(options.method ?? method, path, undefined, by === 'monitor' ? asMonitor(options) : options)
}
const asMonitor = (options: CallOptions) => ({ ...options, headers: { ...options.headers, ...MONITOR } })

type CallOptions = { method?: string; path?: string; fields?: Fields; htmx?: boolean; headers?: Record<string, string | undefined> }

const CALLERS: Record<Caller, () => Promise<Client>> = {
  anyone: async () => new Client(),
  provider: withMailSent,
  monitor: async () => new Client(),
  user: () => signedIn('bob'),
  admin: () => signedIn('ada'),
  invitee: () => opened(new Client(), linkIn('pia@acme.test')),
  resetter: () => opened(new Client(), resetLink()),
  joiner: async () => opened(await signedIn('bob'), linkFor('bob')),
  holder: async () =>
    opened(
      new Client(),
      publicLink(await seededLink()).then(({ url }) => url),
    ),
  prover: async () =>
    opened(
      new Client(),
      emailedLink(await seededProof(NORA)).then(({ url }) => url),
    ),
  halfway: async () => {
    await hasAuthenticatorApp('bob')
    await hasRecoveryCode('bob')
    return halfSignedIn('bob', HALF)
  },
  enroller: async () => {
    await hasAuthenticatorApp('bob')
    return opened(
      await halfSignedIn('bob', HALF),
      factorLinkFor().then(({ url }) => url),
    )
  },
  founder: () => opened(new Client(), setupLink()),
}

/** Somebody whom the route lets in. */
export async function callerOf(name: string) {
  const { by, protected: hasFactor } = routeNamed(name)
  const client = await CALLERS[by]()
  if (hasFactor) await protectedBob()
  return client
}
export const caller = (who: Caller) => CALLERS[who]()

async function authorizePath() {
  await connected()
  return (await begin(await tool())).path
}

/** Bob is signed in to an app of Acme, which he has agreed to. */
function memberAppPath(member: 'bob' | 'cat') {
  return async () => {
    await usesTraces('bob')
    return `/w/acme/access/users/${member}/apps/traces/sign-out`
  }
}

function ownAppPath(way: string, tenant: 'acme' | 'globex' = 'acme') {
  return async () => {
    await usesTraces('bob')
    if (tenant === 'globex') await connected({ id: 'traces-of-globex', tenant_id: 'globex' })
    return `/account/apps/${tenant === 'acme' ? 'traces' : 'traces-of-globex'}/${way}`
  }
}

async function askPath() {
  await connected()
  await lacksTraces('bob')
  return '/oauth/ask'
}

async function consentPath() {
  await connected({ granted_at: null })
  return '/oauth/consent'
}

/** An app of each workspace, whose secret has just been rotated, with Bob signed in to that of Acme. */
async function appsPath() {
  const until = { former_secret_hash: 'f'.repeat(64), former_secret_until: Date.now() + 60_000 }
  for (const workspace of ['acme', 'globex'])
    if (!(await one('SELECT 1 FROM apps WHERE id = ?', `app-${workspace}`)))
      await connected({ id: `app-${workspace}`, tenant_id: workspace, ...until })
  await run(`INSERT OR IGNORE INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at)
    VALUES ('of-bob', 'acme', 'app-acme', 'bob', 'user-bob', 'another', 1, 1, 'sid', 'sub', 'openid', 1, unixepoch() * 1000)`)
  await run("DELETE FROM access_changes WHERE tenant_id > ''")
  return '/w/acme/access/apps'
}

/** Of the one of its workspace; `foreign`, that of another under this one's path. */
function appPath(rest = '', workspace = 'acme') {
  return async () => `${await appsPath()}/app-${workspace}${rest}`
}

/** What the app of a workspace could not be told. */
function logoutPath(workspace = 'acme') {
  return async () => {
    await run(
      `INSERT OR REPLACE INTO app_logouts (id, tenant_id, app_id, member_id, uri, sub, sid, state, attempts, due_at, created_at, done_at, detail)
       VALUES ('out-' || ?1, ?1, 'app-' || ?1, 'bob', 'https://tool.example/', 'sub', 'sid', 'failed', 1, 1, 1, 1, 'refused 400')`,
      workspace,
    )
    return `${await appsPath()}/app-${workspace}/logouts/out-${workspace}/retry`
  }
}

/** A deployment of which nothing is wrong. */
async function watched() {
  await run("UPDATE mails SET state = 'sent' WHERE state = 'queued'")
  await run("INSERT OR REPLACE INTO cron_runs VALUES ('every minute', ?)", Date.now())
  return '/healthz/deep'
}

async function opened(client: Client, link: Promise<string>) {
  await client.get(await link)
  return client
}

async function setupLink() {
  await startEmpty()
  await allowSetup()
  return `/setup?token=${SETUP_TOKEN}`
}

/** A change of Ada's that she can take back. */
async function undoPath() {
  const now = Date.now()
  await run(
    `INSERT OR REPLACE INTO undos (id, tenant_id, admin_id, kind, created_at, expires_at) VALUES ('of-ada', 'acme', 'ada', 'role', ?, ?)`,
    now,
    now + 600_000,
  )
  await run(`INSERT OR REPLACE INTO undo_values VALUES ('of-ada', 'bob', 'role', 'admin', 'user')`)
  return '/w/acme/access/undo/of-ada'
}

/** A preset of Acme, which Pia has and differs from, and one of Globex. */
function preset(path: string) {
  return async () => {
    for (const [id, tenant] of [
      ['preset-support', 'acme'],
      ['preset-globex', 'globex'],
    ]) {
      await run(
        `INSERT OR IGNORE INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES (?, ?, 'Support team', 'support team', 'all', 1)`,
        id,
        tenant,
      )
      await run(
        `INSERT OR IGNORE INTO preset_sections SELECT ?2, ?1, value, iif(value = 'eval', 'off', 'on')
        FROM json_each('["agents","traces","logs","eval","session","prompts","mcp-debug"]')`,
        id,
        tenant,
      )
    }
    await run("UPDATE members SET preset_id = 'preset-support', preset_given_at = 1 WHERE id = 'pia'")
    return path
  }
}

/** A review of everybody, in which Bob is to be removed. */
async function reviewPath(rest = '') {
  const review = "'acme', 'of-acme'"
  const shown = `'{"role":"user","status":"active","sections":["agents","traces","logs","eval","session","prompts","mcp-debug"],"agents":null}'`
  for (const statement of [
    `INSERT OR IGNORE INTO reviews (tenant_id, id, state, people, started_at, started_by) VALUES (${review}, 'open', 4, 1, 'ada')`,
    `INSERT OR IGNORE INTO review_people (tenant_id, review_id, place, member_id, email, email_key, role, status, shown, agents)
      SELECT ${review}, row_number() OVER (ORDER BY email_key), id, email, email_key, role, status, ${shown}, 'null' FROM members
      WHERE id IN ('ada', 'bob', 'dov', 'pia')`,
    "UPDATE review_people SET verdict = 'remove', decided_at = 2 WHERE review_id = 'of-acme' AND member_id = 'bob'",
  ])
    await run(statement)
  return `/w/acme/access/reviews/of-acme${rest}`
}

/** People of the user table; the form has an id of its own. */
async function selected(fields: Fields): Promise<Fields> {
  return { id: crypto.randomUUID(), list: '', ...fields }
}

async function everybodyDisabled() {
  const found = await one<{ people: number }>(
    "SELECT count(*) AS people FROM members WHERE tenant_id = 'acme' AND status = 'disabled'",
  )
  return selected({ list: 'status=disabled', all: `${found?.people}` })
}

/** A change of many that is over, and left somebody. */
async function jobPath(tenantId: 'acme' | 'globex') {
  const [id, admin] = [`job-of-${tenantId}`, tenantId === 'acme' ? 'ada' : 'cat']
  await run(
    `INSERT OR REPLACE INTO jobs (id, tenant_id, admin_id, kind, spec, total, done, left_out, place, state, created_at, finished_at)
     VALUES (?, ?, ?, 'change', '{"change":"make_admin","list":""}', 2, 2, 1, 'x', 'done', 1, 1)`,
    id,
    tenantId,
    admin,
  )
  await run("INSERT OR REPLACE INTO job_people VALUES (?, 'bob', 'active', NULL), (?, ?, 'active', 'already')", id, id, admin)
  return `/w/acme/access/jobs/${id}`
}

async function undoOfMany(tenantId: 'acme' | 'globex') {
  const [id, admin] = [`job-of-${tenantId}`, tenantId === 'acme' ? 'ada' : 'cat']
  await jobPath(tenantId)
  await run(
    `INSERT OR REPLACE INTO undos (id, tenant_id, admin_id, kind, created_at, expires_at) VALUES (?, ?, ?, 'role', ?, ?)`,
    id,
    tenantId,
    admin,
    Date.now(),
    Date.now() + 600_000,
  )
  await run("INSERT OR REPLACE INTO undo_values VALUES (?, 'bob', 'role', 'admin', 'user')", id)
  return `/w/acme/access/undo/${id}`
}

function signedNews() {
  return signed([eventOf(TOLD_OF, 'hard-bounced'), eventOf(TOLD_OF, 'complained')])
}

async function withMailSent() {
  await sentMail(TOLD_OF.id)
  return new Client()
}

function factorPage(page: 'page' | 'setUp' | 'authenticatorApp' | 'passkey' | 'options') {
  return async () => {
    const { paths } = await factorLinkFor()
    if (page === 'options') return `${paths.passkey}/options`
    return page === 'setUp' ? paths.setUp(HALF) : paths[page]
  }
}

/** Made in the browser in which Bob gave his password. */
async function passkeyInBrowser() {
  const held = await one<{ hash: string }>('SELECT browser_hash AS hash FROM sign_ins WHERE id = ?', HALF)
  return attestationOf(await softPasskey(), await challengeFor(held?.hash ?? '', 'register'))
}

function withFactorToken(fields: Fields) {
  return async () => ({ ...fields, token: (await factorLinkFor()).token })
}

/** What the form of an app holds that was just scanned. */
async function scanned() {
  const holder = { userId: 'user-bob', holder: (await factorLinkFor()).name }
  const setup = newTotpSetup()
  return { setup: await sealSetup(readEnv(env).TOTP_KEYS, holder, setup, Date.now()), code: codeFor(setup.secret) }
}

async function joinPage() {
  return (await publicLink(await seededLink())).to.page
}

function withJoinToken(fields: Fields) {
  return async () => ({ ...fields, token: (await publicLink(await seededLink())).token })
}

function proofPage(path: 'page' | 'join' | 'ask' | 'invitation', email = NORA, options = {}) {
  return async () => (await emailedLink(await seededProof(email, options))).to[path]
}

function withProofToken(email: string, fields: Fields) {
  return async () => ({ ...fields, token: (await emailedLink(await seededProof(email))).token })
}

function linkPath(rest = '', tenant: 'acme' | 'globex' = 'acme') {
  return async () => `/w/acme/access/join-links/${(await seededLink(tenant)).id}${rest}`
}

function requestPath(rest = '', tenant: 'acme' | 'globex' = 'acme') {
  return async () => `/w/acme/access/requests/${await seededRequest(tenant)}${rest}`
}

function accessRequestPath(rest: string, tenant: 'acme' | 'globex' = 'acme') {
  return async () => {
    const { member, app } = await seededAccessRequest(tenant)
    return `/w/acme/access/requests/apps/${member}/${app}${rest}`
  }
}

/** Where Acme has begun to ask for a second factor, and waits for it. */
function asking(path: string) {
  return async () => {
    await willAskForFactor()
    return path
  }
}

async function connectedSection() {
  await one("INSERT OR REPLACE INTO section_urls VALUES ('acme', 'traces', 'https://traces.acme.test/')")
  return '/w/acme/sections/traces/open'
}

/** Pia's invitation expired before its email was sent. */
async function unsentPath() {
  await run("UPDATE invitations SET created_at = 1, expires_at = 2 WHERE id = 'invitation-pia'")
  await run("UPDATE mails SET created_at = 1 WHERE id = 'mail-pia'")
  return '/w/acme/access/invitations/unsent'
}

async function sessionPath(name: 'bob' | 'cat') {
  const session = await newSession()
  await insertSession(session, `user-${name}`)
  return `/account/sessions/${session.id}/end`
}

async function browserPath(name: 'bob' | 'cat') {
  const id = randomId()
  await run(
    `INSERT INTO known_browsers (user_id, id, browser_hash, user_agent, ip, created_at, last_used_at) VALUES (?, ?, ?, 'Test', '203.0.113.7', ?, ?)`,
    `user-${name}`,
    id,
    await sha256(id),
    Date.now(),
    Date.now(),
  )
  return `/account/browsers/${id}/forget`
}

/** Bob signs in with a passkey. */
async function noPassword() {
  await run("DELETE FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")
  return '/account/password/first'
}

async function protectedBob() {
  await run(`DELETE FROM credentials WHERE user_id = 'user-bob' AND kind IN ('totp', 'recovery')`)
  await hasProvenAuthenticatorApp('bob')
  await hasRecoveryCodes('bob', 5)
}

let bobs: SoftPasskey | undefined

async function passkeyOfBob() {
  bobs = await hasSoftPasskey('bob')
  return '/login/passkey'
}

/** In a browser that has no cookie yet. */
async function signedByPasskey() {
  return { response: bobs ? await assertionOf(bobs, await challengeFor('')) : '' }
}

/** Made in the last session. */
async function newPasskey() {
  const session = await one<{ id: string }>('SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1')
  const challenge = await challengeFor(session?.id ?? '', 'register')
  return { response: await attestationOf(await softPasskey(), challenge) }
}

function passkeyPath(name: string, what: 'name' | 'remove') {
  return async () => {
    await hasPasskey(name)
    await provedFactor(name)
    return `/account/passkeys/passkey-${name}/${what}`
  }
}
