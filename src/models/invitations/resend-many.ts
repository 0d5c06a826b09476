import { type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId, randomSecret } from '../core/random'
import { queueMail } from '../mail/queue-mail'
import { closedWith } from './due'
import { openInvitation, reissue } from './issue'
import { countMails } from './sending-limit'

/**
 * New links in place of open invitations, for one batch. `which` is a SELECT of `id, place`: the invitations, and the place of each, from 0 and below
 * `most`. The statement `mails` returns the ids of the emails.
 */
export function resending(act: MemberAct, which: SQL, most: number) {
  const { db, now } = act
  const nonce = randomId()
  const link = linkAt(nonce, Array.from({ length: most }, newLink))
  const theirs = sql`(SELECT i.* FROM invitations i WHERE ${closedWith(nonce)}) old`
  const people = from(sql`members m JOIN ${theirs} ON m.id = old.member_id`, 'old', 'm')
  const mails = queueMail(db, { id: link('mailId'), kind: 'invitation', now, invitation: openInvitation }, people)
  return {
    mails,
    statements: [
      supersedeAt(act, nonce, which),
      reissue(act, 'resend', people, { id: link('id'), jti: link('jti') }),
      mails,
      // As many as invitations, of which each has just got one.
      countMails(db, from(sql`(SELECT old.tenant_id, ${link('mailId')} AS id FROM ${theirs}) x`, 'x'), now),
      record(act, 'resent', people),
    ],
  }
}

/** What the statement of the emails returned. */
export const idsIn = (rows: { id: string }[] | undefined = []) => rows.map(({ id }) => id)

/** Of what is to be new, what falls to an invitation `old` by the place that stands behind the nonce on it. */
const linkAt = (nonce: string, links: ReturnType<typeof newLink>[]) => (name: keyof (typeof links)[number]) =>
  sql`${JSON.stringify(links)} ->> ('$[' || substr(old.write_nonce, ${nonce.length + 1}) || '].' || ${name})`

const newLink = () => ({ id: crypto.randomUUID(), jti: randomSecret(), mailId: crypto.randomUUID() })

/** Leaves on each the nonce with its place. */
const supersedeAt = ({ db, now }: MemberAct, nonce: string, which: SQL) =>
  raw(
    db,
    sql`
    UPDATE invitations SET state = 'superseded', closed_at = ${now}, remind_at = NULL, expiry_notice_at = NULL, write_nonce = ${nonce} || c.place
    FROM (${which}) c WHERE invitations.id = c.id`,
  )
