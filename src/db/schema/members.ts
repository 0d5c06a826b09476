import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { AGENT_MODES } from './workspace'

export const ROLES = ['admin', 'user'] as const
export const MEMBER_STATUSES = ['pending', 'active', 'disabled', 'ended'] as const
/** How an admin hears what became of their invitations: at once, at most one email a day, or not at all. */
export const NOTICE_CHOICES = ['each', 'daily', 'off'] as const

export const members = sqliteTable('members', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  userId: text('user_id'),
  email: text().notNull(),
  emailKey: text('email_key').notNull(),
  role: text({ enum: ROLES }).notNull(),
  status: text({ enum: MEMBER_STATUSES }).notNull(),
  agentMode: text('agent_mode', { enum: AGENT_MODES }).notNull(),
  notices: text({ enum: NOTICE_CHOICES }).notNull().default('each'),
  createdAt: integer('created_at').notNull(),
  joinedAt: integer('joined_at'),
  lastActiveAt: integer('last_active_at'),
  validFrom: integer('valid_from').notNull().default(0),
  endsAt: integer('ends_at'),
  endWarnAt: integer('end_warn_at'),
  invitedName: text('invited_name'),
  presetId: text('preset_id'),
  presetGivenAt: integer('preset_given_at'),
  agentsById: text('agents_by_id'),
  agentsAt: integer('agents_at'),
  searchKey: text('search_key').notNull().default(''),
  searchForm: integer('search_form').notNull().default(0),
  /** The link by which they joined. */
  joinLinkId: text('join_link_id'),
  /** Whether the person has a second factor. Kept by triggers. */
  hasFactor: integer('has_factor', { mode: 'boolean' }).notNull().default(false),
})

/** Kept by triggers: nothing else writes it. */
export const memberCounts = sqliteTable(
  'member_counts',
  {
    tenantId: text('tenant_id').notNull(),
    status: text({ enum: MEMBER_STATUSES }).notNull(),
    role: text({ enum: ROLES }).notNull(),
    people: integer().notNull(),
    /** How many of them have no second factor. */
    lacking: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.status, t.role] })],
)

/** Kept by triggers from the keys of members, as are the next two: what a person is found by. */
export const searchPieces = sqliteTable(
  'search_pieces',
  {
    tenantId: text('tenant_id').notNull(),
    piece: text().notNull(),
    emailKey: text('email_key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.piece, t.emailKey] })],
)

export const memberDomains = sqliteTable(
  'member_domains',
  {
    tenantId: text('tenant_id').notNull(),
    domain: text().notNull(),
    emailKey: text('email_key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.domain, t.emailKey] })],
)

export const domainPieces = sqliteTable(
  'domain_pieces',
  {
    tenantId: text('tenant_id').notNull(),
    piece: text().notNull(),
    domain: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.piece, t.domain] })],
)

export const visits = sqliteTable(
  'visits',
  {
    sessionId: text('session_id').notNull(),
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    enteredAt: integer('entered_at').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.tenantId] })],
)

export const departures = sqliteTable(
  'departures',
  {
    userId: text('user_id').notNull(),
    tenantId: text('tenant_id').notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.tenantId] })],
)

/** Whom the Cron is to remind of a second factor: a member, or with an empty id all who have none. */
export const factorReminders = sqliteTable(
  'factor_reminders',
  {
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    stage: text({ enum: ['begins', 'ends'] }).notNull(),
    dueAt: integer('due_at').notNull(),
    place: text().notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.memberId, t.stage] })],
)
