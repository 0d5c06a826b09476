import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { AGENT_MODES } from './workspace'

export const PROOF_STATES = ['open', 'used'] as const
/** What an admin is told of somebody who holds a join link. */
export const JOIN_NOTICE_KINDS = ['joined', 'asked', 'access_asked'] as const

export const joinLinks = sqliteTable('join_links', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  secretHash: text('secret_hash').notNull(),
  makerId: text('maker_id').notNull(),
  makerName: text('maker_name').notNull(),
  label: text(),
  /** As JSON, like the next two: by section, ids, and host names in ASCII. */
  overrides: text().notNull(),
  agentMode: text('agent_mode', { enum: AGENT_MODES }).notNull(),
  agents: text().notNull(),
  domains: text().notNull(),
  approval: integer({ mode: 'boolean' }).notNull(),
  mostUses: integer('most_uses').notNull(),
  uses: integer().notNull().default(0),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  turnedOffAt: integer('turned_off_at'),
  presetId: text('preset_id'),
  writeNonce: text('write_nonce'),
})

export const joinProofs = sqliteTable('join_proofs', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  linkId: text('link_id').notNull(),
  email: text().notNull(),
  emailKey: text('email_key').notNull(),
  jti: text().notNull(),
  state: text({ enum: PROOF_STATES }).notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

export const joinRequests = sqliteTable('join_requests', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  linkId: text('link_id').notNull(),
  email: text().notNull(),
  emailKey: text('email_key').notNull(),
  name: text(),
  createdAt: integer('created_at').notNull(),
  writeNonce: text('write_nonce'),
})

/** Kept by a trigger: who ceased to belong to a workspace. */
export const removedAddresses = sqliteTable(
  'removed_addresses',
  {
    tenantId: text('tenant_id').notNull(),
    emailKey: text('email_key').notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.emailKey] })],
)

export const joinNotices = sqliteTable(
  'join_notices',
  {
    aboutId: text('about_id').notNull(),
    kind: text({ enum: JOIN_NOTICE_KINDS }).notNull(),
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    aboutEmail: text('about_email').notNull(),
    aboutName: text('about_name'),
    at: integer().notNull(),
    dueAt: integer('due_at').notNull(),
    mailId: text('mail_id'),
    aboutApp: text('about_app'),
  },
  (t) => [primaryKey({ columns: [t.aboutId, t.kind] })],
)
