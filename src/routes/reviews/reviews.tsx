import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import type { Stale } from '../../../views/components/stale'
import { FinishPage } from '../../../views/reviews/finish'
import { ReviewPage } from '../../../views/reviews/review'
import { decidedInWords, decider } from '../../../views/reviews/review-words'
import { ReviewsPage } from '../../../views/reviews/reviews'
import type { AppEnv } from '../../env'
import { admin, enter, fresh } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm, repeated } from '../../http/forms'
import { backTo } from '../../http/page-before'
import { POSITION, readQuery } from '../../http/query'
import { start } from '../../jobs/queue'
import { PAGE_ROWS, pageOf } from '../../models/core/paging'
import { storedCounts } from '../../models/members/counts'
import { type Decision, decide } from '../../models/reviews/decide'
import { finishReview } from '../../models/reviews/finish'
import {
  cursorOf,
  lastRemoval,
  REVIEWS,
  type Review,
  reviewedPeople,
  reviewOf,
  reviewsPage,
  toReview,
  VERDICTS,
} from '../../models/reviews/review'
import { startReview } from '../../models/reviews/start'

export const reviews = new Hono<AppEnv>()

reviews.get('/', async (c) => {
  const position = readQuery(c, POSITION)
  const { rows, to, now } = await enter(c, admin, (at) => ({ rows: reviewsPage(at, position) }))
  const { page, paging } = pageOf(rows, REVIEWS, cursorOf, position)
  const props = { to, now, paging, reviews: page.map(toReview), newId: crypto.randomUUID() }
  return c.render(<ReviewsPage {...props} />, { title: 'Access review' })
})

/** Of a list to choose from: the first, empty, says that anything is meant. */
const orAny = <S extends v.GenericSchema>(item: S) =>
  v.exactOptional(
    v.union([
      v.pipe(
        v.literal(''),
        v.transform(() => undefined),
      ),
      item,
    ]),
  )
const START = {
  id: v.pipe(v.string(), v.uuid()),
  role: orAny(v.picklist(['admin', 'user'])),
  status: orAny(v.picklist(['active', 'pending', 'disabled', 'ended'])),
}

reviews.post('/', async (c) => {
  const { act, to, stored } = await enter(c, admin, (at) => ({ stored: storedCounts(at) }))
  const { id, role, status } = await readForm(c, START)
  const among = stored.filter((each) => (!role || each.role === role) && (!status || each.status === status))
  const job = await startReview(act, { id, role, status, people: among.reduce((sum, { people }) => sum + people, 0) })
  if (job) start(c.env, c.executionCtx, job)
  return c.redirect(to.review(id), 303)
})

reviews.get('/:id', (c) => showReview(c))

const PLACE = v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number))
const FILTER = {
  verdict: v.optional(v.picklist(VERDICTS)),
  cursor: v.optional(PLACE),
  before: v.optional(PLACE),
  row: v.optional(PLACE),
}

/** @throws HTTPException 404 */
async function showReview(c: Context<AppEnv>, stale?: Stale) {
  const { verdict, cursor, before, row } = readQuery(c, FILTER)
  const id = c.req.param('id') ?? ''
  const { found, rows, to, now } = await enter(c, admin, (at) => ({
    found: reviewOf(at, id),
    rows: reviewedPeople(at, id, { verdict, after: cursor, before }),
  }))
  const [review] = found
  if (!review) throw new HTTPException(404)
  const position = { cursor: cursor ? `${cursor}` : '', before: before ? `${before}` : undefined, row }
  const { page, paging } = pageOf(rows, PAGE_ROWS, ({ place }) => `${place}`, position)
  const props = { to, people: page, filter: { verdict }, paging, now, stale }
  return c.render(<ReviewPage {...props} review={toReview(review)} />, { title: 'Access review' })
}

/** What the buttons say: of the ticked rows, of one row, or of those on a page about whom nobody has decided. */
const DO = v.pipe(v.string(), v.regex(/^(keep|remove)( \d{1,9})?$|^rest \d{1,9}-\d{1,9}$/))

reviews.post('/:id', async (c) => {
  const id = c.req.param('id')
  const { act, to, found } = await enter(c, admin, (at) => ({ found: reviewOf(at, id) }))
  const form = await readForm(c, { do: DO, row: repeated(PLACE) })
  if (!found[0]) throw new HTTPException(404)
  const decision = decisionIn(form)
  const people = await decide(act, id, decision)
  const back = backTo(c, to.review(id))
  if (people > 0) return redirectWith(c, back, { notice: 'reviewed', who: decidedInWords(decision.verdict, people) })
  if (found[0].state === 'open') return c.redirect(back, 303)
  c.status(409)
  return showReview(c, { text: 'This review is not open any more. Nothing was changed.' })
})

function decisionIn({ do: asked, row }: { do: string; row: number[] }): Decision {
  const [what = '', where = ''] = asked.split(' ')
  const [from = 0, until = from] = where.split('-').map(Number)
  if (what === 'rest') return { verdict: 'keep', from, until }
  return { verdict: what === 'remove' ? 'remove' : 'keep', places: where ? [from] : row }
}

reviews.get('/:id/finish', (c) => showFinish(c))

async function showFinish(c: Context<AppEnv>, stale?: Stale) {
  const id = c.req.param('id') ?? ''
  const { found, removed, last, to } = await enter(c, fresh(admin), (at) => ({
    found: reviewOf(at, id),
    removed: reviewedPeople(at, id, { verdict: 'remove' }, PAGE_ROWS),
    last: lastRemoval(at, id),
  }))
  if (!found[0]) throw new HTTPException(404)
  const review = toReview(found[0])
  if (review.state === 'finished') return stale ? showReview(c, finishedBy(review)) : c.redirect(to.review(id), 303)
  const props = { to, review, stale, removed, lastRemoval: last[0]?.at ?? null }
  return c.render(<FinishPage {...props} />, { title: 'Finish the review' })
}

const FINISH = {
  removes: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
  /** When (ms) the last of them was marked; nothing where nobody is. */
  version: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))),
}

reviews.post('/:id/finish', async (c) => {
  const id = c.req.param('id')
  const { act, to, found } = await enter(c, fresh(admin), (at) => ({ found: reviewOf(at, id) }))
  const { removes, version } = await readForm(c, FINISH)
  if (!found[0]) throw new HTTPException(404)
  const finished = await finishReview(act, { id, removes, lastRemoval: version ?? null })
  if ('reason' in finished) {
    c.status(409)
    return showFinish(c, { text: STALE })
  }
  if (finished.job) start(c.env, c.executionCtx, finished.job)
  return redirectWith(c, to.review(id), { notice: 'review_finished' })
})

const finishedBy = (review: Review) => ({
  text: `${decider(review.finishedBy)} has finished this review in the meantime. Nothing was changed.`,
})

const STALE = 'Someone has decided something since, or is finishing this review. Nothing was changed: look at the numbers again.'
