import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { ACCESS, AGENT_MODES } from './workspace'

export const memberSections = sqliteTable(
  'member_sections',
  {
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    section: text().notNull(),
    access: text({ enum: ACCESS }).notNull(),
    byId: text('by_id'),
    at: integer(),
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

export const presets = sqliteTable('presets', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  name: text().notNull(),
  nameKey: text('name_key').notNull(),
  agentMode: text('agent_mode', { enum: AGENT_MODES }).notNull(),
  endsAt: integer('ends_at'),
  version: integer().notNull().default(1),
  createdAt: integer('created_at').notNull(),
})

export const presetSections = sqliteTable(
  'preset_sections',
  {
    tenantId: text('tenant_id').notNull(),
    presetId: text('preset_id').notNull(),
    section: text().notNull(),
    access: text({ enum: ACCESS }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.presetId, t.section] })],
)

export const presetAgents = sqliteTable(
  'preset_agents',
  {
    tenantId: text('tenant_id').notNull(),
    presetId: text('preset_id').notNull(),
    agentId: text('agent_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.presetId, t.agentId] })],
)
