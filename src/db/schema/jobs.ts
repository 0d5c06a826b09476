import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What a job does. Each has its steps in `src/jobs/steps.ts`. */
export const JOB_KINDS = ['invite', 'change', 'undo', 'review'] as const
/**
 * `stopped`: its admin is none any more, or the workspace is closed; `failed`: it could not go on for a day; `outdated`: it was about another number
 * of people than its admin had been told, and did nothing.
 */
export const JOB_STATES = ['queued', 'done', 'stopped', 'failed', 'outdated'] as const

export const jobs = sqliteTable('jobs', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  adminId: text('admin_id').notNull(),
  ip: text(),
  kind: text({ enum: JOB_KINDS }).notNull(),
  spec: text({ mode: 'json' }).notNull(),
  total: integer().notNull(),
  done: integer().notNull().default(0),
  leftOut: integer('left_out').notNull().default(0),
  place: text().notNull().default(''),
  state: text({ enum: JOB_STATES }).notNull().default('queued'),
  attempts: integer().notNull().default(0),
  leasedUntil: integer('leased_until').notNull().default(0),
  createdAt: integer('created_at').notNull(),
  finishedAt: integer('finished_at'),
  movedAt: integer('moved_at'),
})

/** Those a job is about: what they were when it was begun, and why somebody was left. */
export const jobPeople = sqliteTable(
  'job_people',
  {
    jobId: text('job_id').notNull(),
    memberId: text('member_id').notNull(),
    state: text(),
    leftFor: text('left_for'),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.memberId] })],
)
