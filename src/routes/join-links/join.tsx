import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { JoinPage, type JoinPageProps, JoinSentPage, JoinSpentPage } from '../../../views/join-links/join'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { redirectWith, takeFlash } from '../../http/flash'
import { ADDRESS_FIELDS, readForm } from '../../http/forms'
import { keepLink, type Link, linkInForm } from '../../http/link'
import { linkPage } from '../../http/link-page'
import { note, noteAccount } from '../../http/log'
import { noLink } from '../../http/no-link'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { sha256 } from '../../models/core/random'
import { readEmail } from '../../models/core/typed-address'
import { askForLink } from '../../models/join-links/ask-for-link'
import { joinLinkBehind, toJoinLink } from '../../models/join-links/join-link'
import { joinPaths } from '../../paths'

const PURPOSE = 'join_link'

/** The page of a join link, which anybody may hold: whatever address is given, the answer is the same, and only the email goes on from there. */
export const join = new Hono<AppEnv>()

const opened = linkPage(PURPOSE, (c, link) => show(c, link))
join.get('/', opened)
join.get('/:link', opened)

join.get('/:link/sent', (c) => {
  if (!/^[\w-]{16}$/.test(c.req.param('link'))) return noLink(c)
  return c.render(<JoinSentPage email={takeFlash(c)?.email} />, { title: 'Check your email' })
})

join.post('/:link', async (c) => {
  const { token, ...form } = await readForm(c, { ...ADDRESS_FIELDS, token: v.optional(v.string()) })
  const link = await linkInForm(c, PURPOSE, token)
  if (!link) return noLink(c)
  const read = readEmail(form)
  if ('email' in read) {
    if (read.doubt) c.status(422)
    return show(c, link, read)
  }
  await noteAccount(c, form.email)
  const act = unchecked(c)
  const asked = await askForLink(act, await sha256(link.jti), read.address)
  if ('mailId' in asked) return sent(c, link, asked.mailId, read.address.email)
  if (asked.reason === 'unusable') return show(c, link)
  tooMany(c, asked.retryAt, act.now)
  return show(c, link, { email: form.email, retryAt: asked.retryAt })
})

/** Whatever else is below a link's path is nobody's page. */
join.all('/:link/*', (c) => noLink(c))

function sent(c: Context<AppEnv>, link: Link, mailId: string, email: string) {
  post(c.env, c.executionCtx, [mailId])
  keepLink(c, link)
  note(c, { event: 'authn_token_created' })
  return redirectWith(c, joinPaths(link.name).sent, { notice: 'join_sent', email })
}

async function show(c: Context<AppEnv>, { jti, token, name }: Link, typed: Partial<JoinPageProps> = {}) {
  const { db, now } = unchecked(c)
  const [row] = await joinLinkBehind(db, await sha256(jti))
  if (!row) return noLink(c, { gone: true })
  const link = toJoinLink(row, now)
  if (link.state !== 'open') return spent(c, link)
  const props = { link, now, form: { token, to: joinPaths(name).page }, email: '', ...typed }
  return c.render(<JoinPage {...props} />, { title: `Join ${link.tenantName}` })
}

function spent(c: Context<AppEnv>, link: Parameters<typeof JoinSpentPage>[0]['link']) {
  c.status(410)
  return c.render(<JoinSpentPage link={link} />, { title: 'This link cannot be used' })
}
