import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What an admin wants of a row: that it is invited, that somebody pending gets a new link, or nothing. */
export const ROW_CHOICES = ['send', 'resend', 'leave'] as const

export const inviteDrafts = sqliteTable('invite_drafts', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  adminId: text('admin_id').notNull(),
  version: integer().notNull().default(1),
  settings: text({ mode: 'json' }).notNull(),
  later: integer({ mode: 'boolean' }).notNull().default(false),
  createdAt: integer('created_at').notNull(),
  sentAt: integer('sent_at'),
})

export const inviteRows = sqliteTable(
  'invite_rows',
  {
    draftId: text('draft_id').notNull(),
    n: integer().notNull(),
    cells: text({ mode: 'json' }).notNull(),
    email: text(),
    emailKey: text('email_key'),
    name: text(),
    own: text({ mode: 'json' }),
    searchKey: text('search_key').notNull().default(''),
    problem: text(),
    detail: text(),
    choice: text({ enum: ROW_CHOICES }).notNull().default('send'),
    version: integer().notNull().default(1),
    outcome: text(),
    retryAt: integer('retry_at'),
    memberId: text('member_id'),
    mailId: text('mail_id'),
    place: integer(),
    writeNonce: text('write_nonce'),
  },
  (t) => [primaryKey({ columns: [t.draftId, t.n] })],
)
