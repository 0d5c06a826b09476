import { Hono } from 'hono'
import { RESEND_REFUSALS, resentInWords } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { renderRefusal } from '../../http/errors'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { refuseSeat } from '../../http/no-seat'
import { backTo } from '../../http/page-before'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { resendUnsent } from '../../models/invitations/unsent'

/** All invitations that expired before their email was sent, in one go. */
export const unsent = new Hono<AppEnv>()

unsent.post('/', async (c) => {
  const { act, to, now } = await enter(c, admin)
  await readForm(c, {})
  const { mailIds, left, refusal } = await resendUnsent(act, c.env.CAPS)
  if (mailIds.length === 0 && left > 0 && refusal) {
    if (refusal.reason === 'no_seat') return refuseSeat(c, act)
    tooMany(c, refusal.retryAt ?? now, now)
    return renderRefusal(c, 429, RESEND_REFUSALS[refusal.reason](refusal.retryAt, now))
  }
  if (mailIds.length > 0) post(c.env, c.executionCtx, mailIds)
  return redirectWith(c, backTo(c, to.users), { notice: 'unsent_resent', who: resentInWords(mailIds.length, left) })
})
