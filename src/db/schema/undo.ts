import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What can be taken back. */
export const UNDO_KINDS = ['role', 'status', 'end_date', 'sections', 'section_default', 'agents', 'preset'] as const

export const undos = sqliteTable('undos', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  adminId: text('admin_id').notNull(),
  kind: text({ enum: UNDO_KINDS }).notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  undoneAt: integer('undone_at'),
})

export const undoValues = sqliteTable(
  'undo_values',
  {
    undoId: text('undo_id').notNull(),
    subject: text().notNull(),
    field: text().notNull(),
    was: text().notNull(),
    became: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.undoId, t.subject, t.field] })],
)
