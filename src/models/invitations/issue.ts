import { type SQL, sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import type { INVITATION_KINDS } from '../../db/schema/invitations'
import { REMIND_BEFORE_MS } from '../../limits'
import type { Act, MemberAct } from '../core/act'
import { randomSecret } from '../core/random'
import { queueMail } from '../mail/queue-mail'
import { countMails } from './sending-limit'

type Kind = (typeof INVITATION_KINDS)[number]

/** The first link of the people `m`, from whoever acts. The inviter's name is a snapshot. */
export const issue = (act: MemberAct, note: SQL | string | null, to: From<'m'>, link?: Link) =>
  insertInvitation(
    act,
    'invite',
    { inviterId: sql`${act.memberId}`, inviterName: sql`${inviterOf(act)}`, note: sql`${note}` },
    to,
    link,
  )

const inviterOf = ({ by }: MemberAct) => by.name ?? by.email ?? ''

/** A new link in place of `old`, with a full lifetime: whoever asks for it, it is still from the same inviter, with the same note. */
export const reissue = (act: Act, kind: Exclude<Kind, 'invite'>, to: From<'m' | 'old'>, link?: Link) =>
  insertInvitation(act, kind, { inviterId: sql`old.inviter_id`, inviterName: sql`old.inviter_name`, note: sql`old.note` }, to, link)

/** The people whose invitation the change with this nonce superseded, and that invitation as `old`. */
export const superseded = (nonce: string) =>
  from(sql`members m JOIN invitations old ON old.member_id = m.id WHERE old.write_nonce = ${nonce}`, 'm', 'old')

type Content = { inviterId: SQL; inviterName: SQL; note: SQL }

/** SQL where one statement writes many. */
type Link = { id: SQL | string; jti: SQL | string }
const newLink = (): Link => ({ id: crypto.randomUUID(), jti: randomSecret() })

const insertInvitation = (
  { db, now }: Act,
  kind: Kind,
  { inviterId, inviterName, note }: Content,
  to: From<'m'>,
  { id, jti } = newLink(),
) => {
  const lifetime = lifetimeAt(now)
  return raw(
    db,
    sql`
    INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_id, inviter_name, note, state, created_at, expires_at,
      remind_at, expiry_notice_at)
    SELECT ${id}, m.tenant_id, m.id, ${kind}, ${jti}, ${inviterId}, ${inviterName}, ${note}, 'open', ${now},
      ${now} + ${lifetime}, iif(${lifetime} > ${REMIND_BEFORE_MS}, ${now - REMIND_BEFORE_MS} + ${lifetime}, NULL), ${now} + ${lifetime}
    FROM ${to}`,
  )
}

/** No longer than the membership would last. */
const lifetimeAt = (now: number) =>
  sql`min((SELECT invitation_lifetime_ms FROM tenants WHERE id = m.tenant_id), coalesce(m.ends_at - ${now}, 1e15))`

/** Emails the people `m` the link that is open for them, for an admin. The first statement returns the id of the email if there is one. */
export const mailInvitation = ({ db, now }: Act, mailId: string, to: From<'m'>) =>
  [
    queueMail(db, { id: mailId, kind: 'invitation', now, invitation: openInvitation }, to),
    countMails(db, from(sql`mails x WHERE x.id = ${mailId}`, 'x'), now),
  ] as const

/** Of a member `m`. */
export const openInvitation = sql`(SELECT i.id FROM invitations i WHERE i.member_id = m.id AND i.state = 'open')`
