import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const ACCESS_REQUEST_STATES = ['waiting', 'given', 'declined'] as const

export const accessRequests = sqliteTable(
  'access_requests',
  {
    memberId: text('member_id').notNull(),
    appId: text('app_id').notNull(),
    tenantId: text('tenant_id').notNull(),
    state: text({ enum: ACCESS_REQUEST_STATES }).notNull().default('waiting'),
    askedAt: integer('asked_at').notNull(),
    writeNonce: text('write_nonce'),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.appId] })],
)
