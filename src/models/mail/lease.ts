import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import type { Act } from '../core/act'
import { countFactorLinksFromNow } from '../identity/factor-link'
import { countFromNow } from '../identity/password-reset'
import { type Attempt, isLeasedAt, lease, lost } from '../outbox/lease'
import { isLeftOut, type LetterContext, letterOf } from './letter'
import { letterContextsOf } from './letter-context'
import { MAILS } from './mail'

/** A queued mail that is ours for a while. Without `letter` it is not sent: its address may not be emailed, or its occasion has passed. */
export type LeasedMail = Attempt & { to: string; createdAt: number; letter: LetterContext | undefined; suppressed: boolean }

/** Takes those of these mails that nobody else has and that need sending, in one round trip. */
export async function leaseMails(act: Pick<Act, 'db' | 'now'>, mailIds: string[]): Promise<LeasedMail[]> {
  const { db, now } = act
  const leasedNow = sql`x.id IN (SELECT value FROM json_each(${JSON.stringify(mailIds)})) AND ${isLeasedAt(now)}`
  const sending = from(sql`mails x WHERE ${leasedNow}`, 'x')
  const [attempts, , , contexts] = await db.batch([
    lease(db, MAILS, mailIds, now),
    countFromNow(act, sending),
    countFactorLinksFromNow(act, sending),
    letterContextsOf(db, mailIds),
  ])
  return contexts.flatMap((context) =>
    attempts
      .filter(({ id }) => id === context.id)
      .map((attempt) => ({ ...attempt, to: context.to, letter: letterOf(context, now), suppressed: isLeftOut(context, now) })),
  )
}

/** Ids of mails that the Queue should have delivered by now. */
export const lostMails = async ({ db, now }: Pick<Act, 'db' | 'now'>) => (await lost(db, MAILS, now)).map(({ id }) => id)
