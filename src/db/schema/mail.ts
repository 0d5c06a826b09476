import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const MAIL_KINDS = [
  'invitation',
  'fresh_invitation',
  'reminder',
  'password_reset',
  'address_confirmation',
  'password_changed',
  'notice',
  'test',
  'ending',
  'endings',
  'join',
  'join_approved',
  'join_declined',
  'factor_added',
  'factor_removed',
  'recovery_codes_made',
  'recovery_code_used',
  'new_browser',
  'factor_link',
  'factor_reset',
  'factor_reset_elsewhere',
  'factor_was_reset',
  'factor_reminder',
  'access_given',
  'access_declined',
] as const
export const MAIL_STATES = ['queued', 'sent', 'delivered', 'deferred', 'bounced', 'complained', 'dropped', 'failed'] as const
export const MAIL_EVENT_KINDS = [
  'sent',
  'postponed',
  'failed',
  'dropped',
  'delivered',
  'deferred',
  'bounced',
  'complained',
] as const
/** Why an email did not arrive, or has not gone out yet; views/components/mail-reason.ts has the words. */
export const MAIL_REASONS = [
  'no_mailbox',
  'no_domain',
  'domain_unknown',
  'unreadable_address',
  'mailbox_moved',
  'mailbox_off',
  'mailbox_full',
  'too_long_for_mailbox',
  'too_long_for_server',
  'server_unreachable',
  'server_too_slow',
  'server_busy',
  'unwanted',
  'unproven',
  'spam',
  'server_said',
  'server_silent',
  'suppressed',
  'our_trouble',
  'provider_unreachable',
  'provider_status',
  'provider_slow_down',
  'provider_daily_limit',
  'provider_puzzling',
  'provider_refused',
  'provider_suppressed',
  'misconfigured_key',
  'misconfigured_account',
  'misconfigured_domain',
  'misconfigured_url',
  'misconfigured_binding',
  'misconfigured_sender',
  'misconfigured_recipients',
  'misconfigured_refusal',
] as const
export const NOTICE_KINDS = ['accepted', 'declined', 'bounced', 'expired'] as const

export const mails = sqliteTable('mails', {
  id: text().primaryKey(),
  tenantId: text('tenant_id'),
  memberId: text('member_id'),
  kind: text({ enum: MAIL_KINDS }).notNull(),
  toEmail: text('to_email').notNull(),
  toKey: text('to_key').notNull(),
  invitationId: text('invitation_id'),
  passwordResetId: text('password_reset_id'),
  state: text({ enum: MAIL_STATES }).notNull().default('queued'),
  attempts: integer().notNull().default(0),
  leasedUntil: integer('leased_until').notNull().default(0),
  provider: text(),
  providerId: text('provider_id'),
  requestId: text('request_id'),
  reason: text({ enum: MAIL_REASONS }),
  detail: text(),
  createdAt: integer('created_at').notNull(),
  sentAt: integer('sent_at'),
  joinProofId: text('join_proof_id'),
  about: text(),
  factorLinkId: text('factor_link_id'),
})

export const mailEvents = sqliteTable('mail_events', {
  id: text().primaryKey(),
  mailId: text('mail_id').notNull(),
  kind: text({ enum: MAIL_EVENT_KINDS }).notNull(),
  attempt: integer(),
  reason: text({ enum: MAIL_REASONS }),
  detail: text(),
  at: integer().notNull(),
})

export const webhooks = sqliteTable('webhooks', {
  provider: text().primaryKey(),
  seenAt: integer('seen_at').notNull(),
})

export const notices = sqliteTable(
  'notices',
  {
    id: text().notNull(),
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    invitationId: text('invitation_id').notNull(),
    kind: text({ enum: NOTICE_KINDS }).notNull(),
    aboutEmail: text('about_email').notNull(),
    aboutName: text('about_name'),
    at: integer().notNull(),
    dueAt: integer('due_at').notNull(),
    mailId: text('mail_id'),
  },
  (t) => [primaryKey({ columns: [t.invitationId, t.kind] })],
)

/** What a workspace has emailed in its current day; without characters, what all of them have. */
export const mailDays = sqliteTable('mail_days', {
  tenantId: text('tenant_id').primaryKey(),
  sent: integer().notNull(),
  resetsAt: integer('resets_at').notNull(),
  newestMailId: text('newest_mail_id'),
})
