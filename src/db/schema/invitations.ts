import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** By an admin, by an admin again, or by the invited person. */
export const INVITATION_KINDS = ['invite', 'resend', 'renewal'] as const
export const INVITATION_STATES = ['open', 'accepted', 'superseded', 'cancelled', 'declined'] as const
export const SUPPRESSION_REASONS = ['complained', 'asked'] as const

export const invitations = sqliteTable('invitations', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  memberId: text('member_id'),
  kind: text({ enum: INVITATION_KINDS }).notNull(),
  jti: text().notNull(),
  copiedJti: text('copied_jti'),
  inviterId: text('inviter_id'),
  inviterName: text('inviter_name').notNull(),
  note: text(),
  state: text({ enum: INVITATION_STATES }).notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  openedAt: integer('opened_at'),
  closedAt: integer('closed_at'),
  remindAt: integer('remind_at'),
  expiryNoticeAt: integer('expiry_notice_at'),
  writeNonce: text('write_nonce'),
})

export const suppressions = sqliteTable(
  'suppressions',
  {
    emailKey: text('email_key').notNull(),
    /** Empty: in the whole deployment. */
    tenantId: text('tenant_id').notNull().default(''),
    reason: text({ enum: SUPPRESSION_REASONS }).notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.emailKey, t.tenantId] })],
)
