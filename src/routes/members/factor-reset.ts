import { Hono } from 'hono'
import * as v from 'valibot'
import { shownName } from '../../../views/components/shown-address'
import type { AppEnv } from '../../env'
import { admin, enter, fresh } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { backTo } from '../../http/page-before'
import { showChanged } from '../../http/people'
import { post } from '../../mail/queue'
import { askFactorReset } from '../../models/members/factor-reset'
import { MEMBER_STATUSES } from '../../models/members/standing'
import { pathsIn } from '../../paths'

/** What an admin can do for somebody who lost their second factor. */
export const factorReset = new Hono<AppEnv>()

factorReset.post('/:id/reset-factor', async (c) => {
  const id = c.req.param('id')
  const { act } = await enter(c, fresh(admin))
  const { state } = await readForm(c, { state: v.optional(v.picklist(MEMBER_STATUSES)) })
  const result = await askFactorReset(act, { id, state })
  if ('reason' in result) return showChanged(c, result, { act, id })
  post(c.env, c.executionCtx, [result.mailId])
  const said = { notice: 'factor_reset_asked', who: shownName(result.member), member: id } as const
  return redirectWith(c, backTo(c, pathsIn(act.tenantId).users), said)
})
