import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What an entry can say happened. */
export const ACTIVITY_KINDS = [
  'workspace_created',
  'invited',
  'resent',
  'renewed',
  'address_changed',
  'cancelled',
  'accepted',
  'declined',
  'role_changed',
  'disabled',
  'ended',
  'end_date_changed',
  'enabled',
  'deleted',
  'left',
  'signed_out_here',
  'section_changed',
  'section_default_changed',
  'agent_access_changed',
  'preset_given',
  'preset_removed',
  'agent_registered',
  'agent_changed',
  'agent_deleted',
  'preset_created',
  'preset_changed',
  'preset_deleted',
  'settings_changed',
  'exported',
  'review_started',
  'review_finished',
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'signed_out_everywhere',
  'session_ended',
  'renamed',
  'password_reset',
  'password_changed',
  'join_link_made',
  'join_link_turned_off',
  'joined',
  'asked_to_join',
  'request_approved',
  'request_declined',
] as const

export const activity = sqliteTable(
  'activity',
  {
    tenantId: text('tenant_id').notNull(),
    at: integer().notNull(),
    id: text().notNull(),
    kind: text({ enum: ACTIVITY_KINDS }).notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name'),
    actorEmail: text('actor_email'),
    memberId: text('member_id'),
    memberEmail: text('member_email'),
    memberName: text('member_name'),
    before: text(),
    after: text(),
    ip: text(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.at, t.id] })],
)

/** Kept by triggers, as are its pieces: whom the log names and the workspace no longer has. */
export const formerPeople = sqliteTable(
  'former_people',
  {
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    email: text().notNull(),
    name: text(),
    searchKey: text('search_key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.memberId] })],
)

export const formerPieces = sqliteTable(
  'former_pieces',
  {
    tenantId: text('tenant_id').notNull(),
    piece: text().notNull(),
    memberId: text('member_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.piece, t.memberId] })],
)
