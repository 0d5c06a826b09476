import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const CRONS = ['every minute', 'every night'] as const

export const cronRuns = sqliteTable('cron_runs', {
  cron: text({ enum: CRONS }).primaryKey(),
  at: integer().notNull(),
})
