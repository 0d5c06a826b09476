import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { MEMBER_STATUSES, ROLES } from './members'

/** `preparing`: its people are still being written down; `finishing`: those to remove are still being removed. */
export const REVIEW_STATES = ['preparing', 'open', 'finishing', 'finished'] as const
/** `left`: to be removed, and something was in the way. */
export const VERDICTS = ['undecided', 'keep', 'remove', 'removed', 'left'] as const
/** `changed`: not what the review shows any more; `self`: whoever finished it; `gone`: not here any more. */
export const LEFT_FOR = ['changed', 'self', 'gone'] as const

export const reviews = sqliteTable(
  'reviews',
  {
    tenantId: text('tenant_id').notNull(),
    id: text().notNull(),
    state: text({ enum: REVIEW_STATES }).notNull(),
    role: text({ enum: ROLES }),
    status: text({ enum: MEMBER_STATUSES }),
    people: integer().notNull().default(0),
    startedAt: integer('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    finishedAt: integer('finished_at'),
    finishedBy: text('finished_by'),
    jobId: text('job_id'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
)

export const reviewPeople = sqliteTable(
  'review_people',
  {
    tenantId: text('tenant_id').notNull(),
    reviewId: text('review_id').notNull(),
    place: integer().notNull(),
    memberId: text('member_id').notNull(),
    email: text().notNull(),
    emailKey: text('email_key').notNull(),
    name: text(),
    role: text({ enum: ROLES }).notNull(),
    status: text({ enum: MEMBER_STATUSES }).notNull(),
    shown: text().notNull(),
    agents: text().notNull(),
    verdict: text({ enum: VERDICTS }).notNull().default('undecided'),
    leftFor: text('left_for', { enum: LEFT_FOR }),
    decidedBy: text('decided_by'),
    decidedAt: integer('decided_at'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.reviewId, t.place] })],
)

/** Kept by a trigger: nothing else writes it. */
export const reviewCounts = sqliteTable(
  'review_counts',
  {
    tenantId: text('tenant_id').notNull(),
    reviewId: text('review_id').notNull(),
    verdict: text({ enum: VERDICTS }).notNull(),
    people: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.reviewId, t.verdict] })],
)
