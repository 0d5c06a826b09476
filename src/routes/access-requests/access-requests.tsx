import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { AccessRequestsPage } from '../../../views/access-requests/access-requests'
import { notAnsweredInWords } from '../../../views/access-requests/answer-words'
import { shownName } from '../../../views/components/shown-address'
import type { Stale } from '../../../views/components/stale'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { POSITION, readQuery } from '../../http/query'
import { post } from '../../mail/queue'
import { decline, give } from '../../models/access-requests/answer'
import { ACCESS_REQUEST_ROWS, accessRequestsPage, cursorOf } from '../../models/access-requests/page'
import { pageOf } from '../../models/core/paging'

/** Of those who asked to be let in to an app. */
export const accessRequests = new Hono<AppEnv>()

accessRequests.get('/', (c) => show(c))

accessRequests.post('/:member/:app/approve', (c) =>
  answer(c, give, 'access_given', (who, app) => `${who} now has access to ${app}. We emailed them.`),
)

accessRequests.post('/:member/:app/decline', (c) =>
  answer(c, decline, 'access_declined', (who, app) => `The request from ${who} for ${app} is declined. We emailed them.`),
)

/** When it was asked and what they would get, as the page has it: an answer is to that request and to no later one. */
const FORM = {
  asked: v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)),
  gets: v.pipe(
    v.string(),
    v.transform((text) => text.split(' ')),
  ),
}

async function answer(
  c: Context<AppEnv, '/:member/:app/*'>,
  write: typeof give,
  notice: 'access_given' | 'access_declined',
  words: (who: string, app: string) => string,
) {
  const { act, to } = await enter(c, admin)
  const { asked, gets } = await readForm(c, FORM)
  const memberId = c.req.param('member')
  const result = await write(act, { memberId, appId: c.req.param('app'), askedAt: asked, gets })
  if ('mailId' in result) {
    post(c.env, c.executionCtx, [result.mailId])
    return redirectWith(c, to.accessRequests, { notice, who: words(shownName(result.member), result.app), member: memberId })
  }
  if (result.reason === 'unknown') throw new HTTPException(404)
  c.status(409)
  return show(c, { text: notAnsweredInWords(result, act) })
}

async function show(c: Context<AppEnv>, stale?: Stale) {
  const position = stale ? { cursor: '' } : readQuery(c, POSITION)
  const { to, now, rows } = await enter(c, admin, (at) => ({ rows: accessRequestsPage(at, position) }))
  const { page, paging } = pageOf(rows, ACCESS_REQUEST_ROWS, cursorOf, position)
  return c.render(<AccessRequestsPage {...{ to, now, requests: page, paging, stale }} />, { title: 'Requests for access' })
}
