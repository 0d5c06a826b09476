import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import type { Act } from '../core/act'
import { countFromNow } from '../identity/password-reset'
import { type Attempt, isLeasedAt, lease, lost } from '../outbox/lease'
import { isLeftOut, type LetterContext, letterContextOf, letterOf } from './letter'
import { MAILS } from './mail'

/** A queued mail that is ours for a while. Without `letter` it is not sent: its address may not be emailed, or its occasion has passed. */
export type LeasedMail = Attempt & { to: string; letter: LetterContext | undefined; suppressed: boolean }

/** Takes a queued mail; undefined when somebody else has it or it needs no sending. */
export async function leaseMail(act: Pick<Act, 'db' | 'now'>, mailId: string): Promise<LeasedMail | undefined> {
  const { db, now } = act
  const [[attempt], , [context]] = await db.batch([
    lease(db, MAILS, mailId, now),
    countFromNow(act, from(sql`mails x WHERE x.id = ${mailId} AND ${isLeasedAt(now)}`, 'x')),
    letterContextOf(db, mailId),
  ])
  if (!attempt || !context) return undefined
  return { ...attempt, to: context.to, letter: letterOf(context, now), suppressed: isLeftOut(context, now) }
}

/** Ids of mails that the Queue should have delivered by now. */
export const lostMails = async ({ db, now }: Pick<Act, 'db' | 'now'>) => (await lost(db, MAILS, now)).map(({ id }) => id)
