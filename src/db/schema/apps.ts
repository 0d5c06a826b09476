import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** How an app proves who it is: by its secret, by a key of its own (`private_key_jwt`), or not at all, as what runs in a browser. */
export const APP_AUTHS = ['secret', 'key', 'none'] as const
export const APP_TOKEN_KINDS = ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'forward_code', 'ticket'] as const
export const LOGOUT_STATES = ['waiting', 'sent', 'failed'] as const

export const apps = sqliteTable('apps', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  name: text().notNull(),
  section: text(),
  /** Nobody else can be given the section. */
  forAdmins: integer('for_admins', { mode: 'boolean' }).notNull().default(false),
  agentId: text('agent_id'),
  auth: text({ enum: APP_AUTHS }).notNull(),
  secretHash: text('secret_hash'),
  formerSecretHash: text('former_secret_hash'),
  formerSecretUntil: integer('former_secret_until'),
  secretAt: integer('secret_at'),
  jwks: text({ mode: 'json' }).$type<{ keys: Record<string, unknown>[] }>(),
  pkce: integer({ mode: 'boolean' }).notNull().default(true),
  redirectUris: text('redirect_uris', { mode: 'json' }).$type<string[]>().notNull(),
  afterLogoutUris: text('after_logout_uris', { mode: 'json' }).$type<string[]>().notNull(),
  logoutUri: text('logout_uri'),
  resource: text(),
  grantedAt: integer('granted_at'),
  version: integer().notNull().default(1),
  createdAt: integer('created_at').notNull(),
})

export const appHosts = sqliteTable('app_hosts', { host: text().primaryKey(), appId: text('app_id').notNull() })

export const subjects = sqliteTable(
  'subjects',
  { tenantId: text('tenant_id').notNull(), userId: text('user_id').notNull(), sub: text().notNull() },
  (t) => [primaryKey({ columns: [t.tenantId, t.userId] })],
)

export const appConsents = sqliteTable(
  'app_consents',
  {
    memberId: text('member_id').notNull(),
    appId: text('app_id').notNull(),
    client: text().notNull().default(''),
    scope: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.appId, t.client] })],
)

/** Programs that name themselves by the address of a document about them, as it was read last. */
export const metadataClients = sqliteTable('metadata_clients', {
  id: text().primaryKey(),
  redirectUris: text('redirect_uris', { mode: 'json' }).$type<string[]>().notNull(),
  readAt: integer('read_at').notNull(),
})

export const appGrants = sqliteTable('app_grants', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  appId: text('app_id').notNull(),
  client: text().notNull().default(''),
  memberId: text('member_id').notNull(),
  userId: text('user_id').notNull(),
  sessionId: text('session_id').notNull(),
  offline: integer({ mode: 'boolean' }).notNull().default(false),
  factorAt: integer('factor_at').notNull().default(0),
  sessionAt: integer('session_at').notNull(),
  sid: text().notNull(),
  sub: text().notNull(),
  scope: text().notNull(),
  createdAt: integer('created_at').notNull(),
  usedAt: integer('used_at').notNull(),
  endedAt: integer('ended_at'),
  /** When the clock may have ended it (ms): the Cron looks then. */
  lookAt: integer('look_at').notNull().default(0),
})

export const appTokens = sqliteTable('app_tokens', {
  id: text().primaryKey(),
  kind: text({ enum: APP_TOKEN_KINDS }).notNull(),
  grantId: text('grant_id').notNull(),
  payload: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  consumedAt: integer('consumed_at'),
  writeNonce: text('write_nonce'),
})

export const appLogouts = sqliteTable('app_logouts', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  appId: text('app_id').notNull(),
  memberId: text('member_id').notNull().default(''),
  uri: text().notNull(),
  sub: text().notNull(),
  sid: text().notNull(),
  state: text({ enum: LOGOUT_STATES }).notNull().default('waiting'),
  attempts: integer().notNull().default(0),
  dueAt: integer('due_at').notNull(),
  createdAt: integer('created_at').notNull(),
  doneAt: integer('done_at'),
  /** Why it waits or has failed: a code of src/models/apps/logout.ts. */
  detail: text(),
})

/** Whose access changed in a batch; kept by triggers, and empty at its end. */
export const accessChanges = sqliteTable(
  'access_changes',
  { tenantId: text('tenant_id').notNull(), memberId: text('member_id').notNull() },
  (t) => [primaryKey({ columns: [t.tenantId, t.memberId] })],
)
