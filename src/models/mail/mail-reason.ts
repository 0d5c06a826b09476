import type { MAIL_REASONS } from '../../db/schema/mail'

export type MailReason = (typeof MAIL_REASONS)[number]

/** Why an email did not arrive; `detail` is what the other side said in its own words, where they are shown. */
export type Why = { reason: MailReason; detail: string | null }
