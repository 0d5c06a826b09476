import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { invitations } from '../../db/schema/invitations'
import type { Act } from '../core/act'
import { randomId } from '../core/random'
import { removed, removePending } from './cancel'
import { closedWith } from './due'
import { byJti } from './invitation'
import { tell } from './notice'
import { suppress } from './suppression'

/** The invitee says no, and with `never` to this workspace for good. @returns false when the invitation can no longer be answered */
export async function decline(act: Act, jti: string, { never }: { never: boolean }): Promise<boolean> {
  const nonce = randomId()
  const open = sql`${byJti(jti)} AND ${invitations.expiresAt} > ${act.now}`
  const [closed, ...removal] = removePending(act, 'declined', open, nonce)
  const news = tell(
    act,
    'declined',
    from(sql`invitations i JOIN members m ON m.id = i.member_id WHERE ${closedWith(nonce)}`, 'i', 'm'),
  )
  const [declined] = await act.db.batch([closed, news, ...(never ? [suppress(act, 'asked', removed(nonce))] : []), ...removal])
  return declined.length === 1
}
