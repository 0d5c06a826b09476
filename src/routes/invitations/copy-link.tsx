import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { shownName } from '../../../views/components/shown-address'
import { CopiedLinkPage, CopyLinkPage } from '../../../views/invitations/copy-link'
import { COPY_REFUSALS } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter, fresh, proofNeeded } from '../../http/door'
import { renderRefusal } from '../../http/errors'
import { readForm } from '../../http/forms'
import { showChanged } from '../../http/people'
import { linkOf } from '../../mail/compose'
import { copyLink as copy } from '../../models/invitations/copy-link'
import { allowedDomainsOf } from '../../models/invitations/domains'
import { memberOf, toMember } from '../../models/members/member'
import { refusalNow } from '../../models/members/standing'

/** A link to the invitation of somebody whom email does not reach, for an admin to hand over. */
export const copyLink = new Hono<AppEnv>()

copyLink.get('/:id/copy-link', async (c) => {
  const id = c.req.param('id')
  const { to, found, allowed, now } = await enter(c, fresh(admin), (at) => ({
    found: memberOf(at, id),
    allowed: allowedDomainsOf(at),
  }))
  const [row] = found
  if (!row) throw new HTTPException(404)
  const member = toMember(row, now)
  if (member.status !== 'pending') return c.redirect(to.member(id), 303)
  return c.render(<CopyLinkPage {...{ to, member }} restricted={allowed.length > 0} />, {
    title: `Copy the link for ${shownName(member)}`,
  })
})

copyLink.post('/:id/copy-link', async (c) => {
  const id = c.req.param('id')
  const { act, viewer, to, found, now } = await enter(c, fresh(admin), (at) => ({ found: memberOf(at, id) }))
  await readForm(c, { state: v.optional(v.literal('pending')) })
  const copied = await copy(act, id, viewer)
  if ('reason' in copied) {
    if (copied.reason === 'not_fresh') throw proofNeeded(viewer)
    if (copied.reason === 'not_pending') return showChanged(c, await refusalNow(act, id), { act, id })
    return renderRefusal(c, 409, COPY_REFUSALS[copied.reason])
  }
  const [row] = found
  if (!row) throw new HTTPException(404)
  const member = toMember(row, now)
  const link = await linkOf(c.env, c.env.INVITATION_KEYS, 'invitation', copied, now)
  return c.render(<CopiedLinkPage {...{ to, member, link, now }} expiresAt={copied.exp} />, {
    title: `Link for ${shownName(member)}`,
  })
})
