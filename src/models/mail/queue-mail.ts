import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import type { MAIL_KINDS } from '../../db/schema/mail'
import type { AboutAccount, AccountNews, FactorMail } from './letter'

type MailKind = (typeof MAIL_KINDS)[number]
/** To a person, from no workspace. */
export type AccountMail = 'password_reset' | 'address_confirmation' | 'password_changed' | FactorMail | AccountNews

/** `id` is SQL where one statement writes many. */
type QueuedMail<Kind extends MailKind> = { id: string | SQL; kind: Kind; now: number }

/** Of an invitation: SQL for its id, which may ask the member `m`. `about`: SQL for JSON of what else the letter says. */
type ToMember = QueuedMail<Exclude<MailKind, AccountMail>> & { invitation?: SQL; about?: SQL }

/** Of a reset, or of a link to set up a second factor: SQL for its id, which may ask the user `u`. */
type ToAccount = QueuedMail<AccountMail> & { reset?: SQL; factorLink?: SQL; about?: AboutAccount }

/** Puts an email to each of the members `m` into the outbox, in the batch of what caused it. Returns the ids of those written. */
export const queueMail = (db: Db, { id, kind, now, invitation, about }: ToMember, to: From<'m'>) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, about)
    SELECT ${id}, m.tenant_id, m.id, ${kind}, m.email, m.email_key, ${invitation ?? null}, ${now}, ${about ?? null} FROM ${to} RETURNING id`,
  )

/** The same to the accounts of the users `u`, which belongs to no workspace. */
export const queueAccountMail = (db: Db, { id, kind, now, reset, factorLink, about }: ToAccount, to: From<'u'>) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO mails (id, kind, to_email, to_key, password_reset_id, factor_link_id, created_at, about)
    SELECT ${id}, ${kind}, u.email, u.email_key, ${reset ?? null}, ${factorLink ?? null}, ${now}, ${about ? JSON.stringify(about) : null} FROM ${to} RETURNING id`,
  )
