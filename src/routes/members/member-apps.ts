import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { shownName } from '../../../views/components/shown-address'
import type { AppEnv } from '../../env'
import { admin, enter, fresh } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { showChanged } from '../../http/people'
import { signOutOfApp } from '../../models/apps/of-member'

/** What a member is signed in to. */
export const memberApps = new Hono<AppEnv>()

memberApps.post('/:id/apps/:app/sign-out', async (c) => {
  const memberId = c.req.param('id')
  const { act, to } = await enter(c, fresh(admin))
  await readForm(c, {})
  const result = await signOutOfApp(act, { memberId, appId: c.req.param('app') })
  if (!('reason' in result)) {
    const who = `${shownName(result.member)} is signed out of ${result.app}.`
    return redirectWith(c, to.member(memberId), { notice: 'app_signed_out', who, member: memberId })
  }
  if (result.reason === 'no_app') throw new HTTPException(404)
  return showChanged(c, result, { act, id: memberId })
})
