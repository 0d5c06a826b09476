import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const CREDENTIAL_KINDS = ['password', 'passkey', 'totp', 'recovery'] as const
/** What proves somebody beside or instead of their password. A recovery code stands in for one that was lost. */
export const FACTORS = ['passkey', 'totp', 'recovery'] as const
export const CHALLENGE_PURPOSES = ['sign_in', 'confirm', 'register'] as const
/** `first`: for the first second factor where a workspace asks for one; `lost`: in the place of one that was lost. */
export const FACTOR_LINK_PURPOSES = ['first', 'lost'] as const
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
  /** Second factors, without recovery codes. Kept by triggers. */
  factors: integer().notNull().default(0),
  /** Since when the browsers are known that they sign in with; null before their first sign-in. */
  browsersSince: integer('browsers_since'),
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
    name: text(),
    counter: integer().notNull().default(0),
    lastUsedAt: integer('last_used_at'),
    details: text(),
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
  factor: text({ enum: FACTORS }),
  factorAt: integer('factor_at').notNull().default(0),
})

/** Sign-ins that wait for the second factor. */
export const signIns = sqliteTable('sign_ins', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  browserHash: text('browser_hash').notNull(),
  tries: integer().notNull().default(0),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

export const challenges = sqliteTable('challenges', {
  challenge: text().primaryKey(),
  purpose: text({ enum: CHALLENGE_PURPOSES }).notNull(),
  holder: text().notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

export const knownBrowsers = sqliteTable(
  'known_browsers',
  {
    userId: text('user_id').notNull(),
    id: text().notNull(),
    browserHash: text('browser_hash').notNull(),
    userAgent: text('user_agent').notNull(),
    ip: text().notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.id] })],
)

export const factorLinks = sqliteTable('factor_links', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  askedIn: text('asked_in'),
  purpose: text({ enum: FACTOR_LINK_PURPOSES }).notNull(),
  jti: text().notNull(),
  state: text({ enum: RESET_STATES }).notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  closedAt: integer('closed_at'),
  writeNonce: text('write_nonce'),
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
