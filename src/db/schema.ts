import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The columns of `migrations/`, which alone hold the constraints; a test compares the two column by column. Times are ms UTC. */
export const tenants = sqliteTable('tenants', {
  id: text().primaryKey(),
  slug: text().notNull(),
  name: text().notNull(),
  invitationLifetimeMs: integer('invitation_lifetime_ms').notNull().default(259_200_000),
  defaultAgentMode: text('default_agent_mode', { enum: ['all', 'list'] })
    .notNull()
    .default('all'),
  addressRetentionMs: integer('address_retention_ms').notNull().default(7_776_000_000),
  createdAt: integer('created_at').notNull(),
  reminders: integer().notNull().default(1),
})

export const users = sqliteTable('users', {
  id: text().primaryKey(),
  email: text().notNull(),
  emailKey: text('email_key').notNull(),
  name: text(),
  passwordHash: text('password_hash').notNull(),
  createdAt: integer('created_at').notNull(),
  passwordChangedAt: integer('password_changed_at').notNull(),
})

export const members = sqliteTable('members', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  userId: text('user_id'),
  email: text().notNull(),
  emailKey: text('email_key').notNull(),
  role: text({ enum: ['admin', 'user'] }).notNull(),
  status: text({ enum: ['pending', 'active', 'disabled'] }).notNull(),
  agentMode: text('agent_mode', { enum: ['all', 'list'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  joinedAt: integer('joined_at'),
  lastActiveAt: integer('last_active_at'),
  notices: text({ enum: ['each', 'daily', 'off'] })
    .notNull()
    .default('each'),
})

export const invitations = sqliteTable('invitations', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  memberId: text('member_id'),
  kind: text({ enum: ['invite', 'resend'] }).notNull(),
  jti: text().notNull(),
  inviterName: text('inviter_name').notNull(),
  note: text(),
  state: text({ enum: ['open', 'accepted', 'superseded', 'cancelled', 'declined'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  closedAt: integer('closed_at'),
  claim: text(),
  inviterId: text('inviter_id'),
  openedAt: integer('opened_at'),
  remindAt: integer('remind_at'),
  lapseNoticeAt: integer('lapse_notice_at'),
})

export const sectionDefaults = sqliteTable(
  'section_defaults',
  {
    tenantId: text('tenant_id').notNull(),
    section: text().notNull(),
    access: text({ enum: ['on', 'off'] }).notNull(),
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

export const memberSections = sqliteTable(
  'member_sections',
  {
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    section: text().notNull(),
    access: text({ enum: ['on', 'off'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.memberId, t.section] })],
)

export const agents = sqliteTable('agents', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  name: text().notNull(),
  description: text().notNull(),
  framework: text().notNull(),
  deployment: text().notNull(),
  url: text(),
  tags: text({ mode: 'json' }).$type<string[]>().notNull(),
  live: integer({ mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
})

export const memberAgents = sqliteTable(
  'member_agents',
  {
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    agentId: text('agent_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.memberId, t.agentId] })],
)

export const sessions = sqliteTable('sessions', {
  id: text().primaryKey(),
  secretHash: text('secret_hash').notNull(),
  userId: text('user_id').notNull(),
  tenantId: text('tenant_id'),
  userAgent: text('user_agent').notNull(),
  ip: text().notNull(),
  createdAt: integer('created_at').notNull(),
  lastSeenAt: integer('last_seen_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

export const passwordResets = sqliteTable('password_resets', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  jti: text().notNull(),
  state: text({ enum: ['open', 'used', 'superseded'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  closedAt: integer('closed_at'),
  claim: text(),
})

export const mails = sqliteTable('mails', {
  id: text().primaryKey(),
  tenantId: text('tenant_id'),
  memberId: text('member_id'),
  kind: text({
    enum: ['invitation', 'fresh_invitation', 'reminder', 'password_reset', 'password_changed', 'notice', 'test'],
  }).notNull(),
  toEmail: text('to_email').notNull(),
  toKey: text('to_key').notNull(),
  invitationId: text('invitation_id'),
  passwordResetId: text('password_reset_id'),
  state: text({ enum: ['queued', 'sent', 'delivered', 'deferred', 'bounced', 'complained', 'dropped', 'failed'] })
    .notNull()
    .default('queued'),
  attempts: integer().notNull().default(0),
  leasedUntil: integer('leased_until').notNull().default(0),
  provider: text(),
  providerId: text('provider_id'),
  requestId: text('request_id'),
  reason: text(),
  createdAt: integer('created_at').notNull(),
  sentAt: integer('sent_at'),
})

export const mailEvents = sqliteTable('mail_events', {
  id: text().primaryKey(),
  mailId: text('mail_id').notNull(),
  kind: text({ enum: ['sent', 'postponed', 'failed', 'dropped', 'delivered', 'deferred', 'bounced', 'complained'] }).notNull(),
  attempt: integer(),
  reason: text(),
  at: integer().notNull(),
})

export const webhooks = sqliteTable('webhooks', {
  provider: text().primaryKey(),
  seenAt: integer('seen_at').notNull(),
})

export const suppressions = sqliteTable('suppressions', {
  emailKey: text('email_key').primaryKey(),
  reason: text({ enum: ['complained', 'asked'] }).notNull(),
  at: integer().notNull(),
})

export const notices = sqliteTable('notices', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  memberId: text('member_id').notNull(),
  invitationId: text('invitation_id').notNull(),
  kind: text({ enum: ['accepted', 'declined', 'bounced', 'lapsed'] }).notNull(),
  aboutEmail: text('about_email').notNull(),
  at: integer().notNull(),
  dueAt: integer('due_at').notNull(),
  mailId: text('mail_id'),
})

export const setupTokens = sqliteTable('setup_tokens', {
  tokenHash: text('token_hash').primaryKey(),
  expiresAt: integer('expires_at').notNull(),
})

export const throttles = sqliteTable('throttles', {
  key: text().primaryKey(),
  hits: integer().notNull(),
  blockedUntil: integer('blocked_until').notNull(),
  resetsAt: integer('resets_at').notNull(),
})

export const activity = sqliteTable('activity', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  at: integer().notNull(),
  kind: text().notNull(),
  actorId: text('actor_id'),
  actorName: text('actor_name'),
  memberId: text('member_id'),
  memberEmail: text('member_email'),
  before: text(),
  after: text(),
  ip: text(),
})
