import type { Outbox } from '../outbox/lease'

/** The outbox of emails. */
export const MAILS: Outbox = { table: 'mails' }
