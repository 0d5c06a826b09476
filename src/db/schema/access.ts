import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { ACCESS } from './workspace'

export const memberSections = sqliteTable(
  'member_sections',
  {
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    section: text().notNull(),
    access: text({ enum: ACCESS }).notNull(),
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
  version: integer().notNull().default(1),
  createdAt: integer('created_at').notNull(),
  searchKey: text('search_key').notNull().default(''),
  searchForm: integer('search_form').notNull().default(0),
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
