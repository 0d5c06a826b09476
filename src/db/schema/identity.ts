import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const CREDENTIAL_KINDS = ['password'] as const
export const RESET_STATES = ['open', 'used', 'superseded'] as const

export const users = sqliteTable('users', {
  id: text().primaryKey(),
  email: text().notNull(),
  emailKey: text('email_key').notNull(),
  name: text(),
  provedAt: integer('proved_at'),
  lastTenantId: text('last_tenant_id'),
  aloneSince: integer('alone_since'),
  createdAt: integer('created_at').notNull(),
})

export const credentials = sqliteTable(
  'credentials',
  {
    id: text().notNull(),
    userId: text('user_id').notNull(),
    kind: text({ enum: CREDENTIAL_KINDS }).notNull(),
    secret: text().notNull(),
    createdAt: integer('created_at').notNull(),
    changedAt: integer('changed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.kind, t.id] })],
)

export const sessions = sqliteTable('sessions', {
  secretHash: text('secret_hash').primaryKey(),
  id: text().notNull(),
  userId: text('user_id').notNull(),
  userAgent: text('user_agent').notNull(),
  ip: text().notNull(),
  createdAt: integer('created_at').notNull(),
  lastSeenAt: integer('last_seen_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  provedAt: integer('proved_at').notNull().default(0),
})

export const passwordResets = sqliteTable('password_resets', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  jti: text().notNull(),
  state: text({ enum: RESET_STATES }).notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  closedAt: integer('closed_at'),
  writeNonce: text('write_nonce'),
})

export const throttles = sqliteTable('throttles', {
  key: text().primaryKey(),
  hits: integer().notNull(),
  blockedUntil: integer('blocked_until').notNull(),
  resetsAt: integer('resets_at').notNull(),
})
