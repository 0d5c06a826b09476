import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** How a person's agents are decided: every one, or exactly those of their list. */
export const AGENT_MODES = ['all', 'list'] as const
/** Of whom a workspace asks a second factor. */
export const FACTOR_POLICIES = ['optional', 'admins', 'everybody'] as const
export const ACCESS = ['on', 'off'] as const

/** The columns of `migrations/`, which alone hold the constraints; a test compares the two. Times are ms UTC. */
export const tenants = sqliteTable('tenants', {
  id: text().primaryKey(),
  name: text().notNull(),
  invitationLifetimeMs: integer('invitation_lifetime_ms').notNull().default(259_200_000),
  defaultAgentMode: text('default_agent_mode', { enum: AGENT_MODES }).notNull().default('all'),
  addressRetentionMs: integer('address_retention_ms').notNull().default(7_776_000_000),
  addressesJudgedUntil: integer('addresses_judged_until').notNull().default(0),
  reminders: integer({ mode: 'boolean' }).notNull().default(true),
  replyToInviter: integer('reply_to_inviter', { mode: 'boolean' }).notNull().default(true),
  version: integer().notNull().default(1),
  seats: integer(),
  suspendedAt: integer('suspended_at'),
  factorPolicy: text('factor_policy', { enum: FACTOR_POLICIES }).notNull().default('optional'),
  factorPolicyAt: integer('factor_policy_at').notNull().default(0),
  factorGraceDays: integer('factor_grace_days').notNull().default(0),
  /** Whether its agents take clients that name themselves by a metadata document. */
  metadataClients: integer('metadata_clients', { mode: 'boolean' }).notNull().default(false),
  createdAt: integer('created_at').notNull(),
})

/** The workspaces that are being erased. */
export const erasures = sqliteTable('erasures', { tenantId: text('tenant_id').primaryKey() })

export const slugs = sqliteTable('slugs', { slug: text().primaryKey() })

/** In ASCII and lower case; a workspace without any takes every domain. */
export const allowedDomains = sqliteTable(
  'allowed_domains',
  {
    tenantId: text('tenant_id').notNull(),
    domain: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.domain] })],
)

export const sectionDefaults = sqliteTable(
  'section_defaults',
  {
    tenantId: text('tenant_id').notNull(),
    section: text().notNull(),
    access: text({ enum: ACCESS }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.section] })],
)

export const sectionUrls = sqliteTable(
  'section_urls',
  {
    tenantId: text('tenant_id').notNull(),
    section: text().notNull(),
    url: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.section] })],
)

export const setupTokens = sqliteTable('setup_tokens', {
  tokenHash: text('token_hash').primaryKey(),
  expiresAt: integer('expires_at').notNull(),
})
