import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { SectionPage } from '../../../views/access/section'
import type { AppEnv } from '../../env'
import { enter, member, section } from '../../http/door'
import { hrefOf } from '../../http/frame'
import { SECTIONS } from '../../models/access/section'
import { safeHref } from '../../models/core/url'
import { adminNames } from '../../models/members/member'
import { sectionUrlOf } from '../../models/workspace/settings'

export const sections = new Hono<AppEnv>()

sections.get('/:section', async (c) => {
  const entered = await enterSection(c)
  const elsewhere = hrefOf(entered.found)
  return elsewhere === pageOf(entered) ? show(c, entered) : c.redirect(elsewhere, 303)
})

sections.get('/:section/open', async (c) => {
  const entered = await enterSection(c)
  const elsewhere = hrefOf(entered.found)
  if (elsewhere !== pageOf(entered)) return c.redirect(elsewhere, 303)
  if (entered.href) return c.redirect(entered.href, 303)
  c.status(409)
  return show(c, entered)
})

type Entered = Awaited<ReturnType<typeof enterSection>>

/** A slug that no section has is the same to everybody; a section that somebody lacks is refused. */
async function enterSection(c: Context<AppEnv, '/:section/*'>) {
  const slug = c.req.param('section') ?? ''
  const found = SECTIONS.find((each) => each.slug === slug)
  const { viewer, urls, admins } = await enter(c, found ? section(found.slug) : member, (db, { tenantId }) => ({
    urls: sectionUrlOf(db, tenantId, slug),
    admins: adminNames(db, tenantId),
  }))
  if (!found) throw new HTTPException(404)
  const address = safeHref(urls[0]?.url ?? '', c.env.APP_ORIGIN)
  return { viewer, found, admins: admins.map(({ name }) => name), href: 'href' in address ? address.href : undefined }
}

const pageOf = ({ found }: Entered) => `/sections/${found.slug}`

const show = (c: Context<AppEnv>, { viewer, found, admins, href }: Entered) =>
  c.render(<SectionPage {...{ viewer, admins }} section={found} connected={href !== undefined} />, { title: found.name })
