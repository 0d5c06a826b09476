import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { SectionPage } from '../../../views/access/section'
import type { AppEnv } from '../../env'
import { enter, member, section } from '../../http/door'
import { hrefOf } from '../../http/frame'
import { SECTIONS } from '../../models/access/section'
import { appsFor } from '../../models/apps/list'
import { safeHref } from '../../models/core/url'
import { adminNames } from '../../models/members/member'
import { sectionUrlOf } from '../../models/workspace/settings'

export const sections = new Hono<AppEnv>()

sections.get('/:section', async (c) => {
  const entered = await enterSection(c)
  return entered.elsewhere ? c.redirect(entered.elsewhere, 303) : show(c, entered)
})

sections.get('/:section/open', async (c) => {
  const entered = await enterSection(c)
  const leadsTo = entered.elsewhere ?? entered.href
  if (leadsTo) return c.redirect(leadsTo, 303)
  c.status(409)
  return show(c, entered)
})

type Entered = Awaited<ReturnType<typeof enterSection>>

/** A slug that no section has is the same to everybody; a section that somebody lacks is refused. `elsewhere`: it is a page of Latchkey itself. */
async function enterSection(c: Context<AppEnv, '/:section/*'>) {
  const slug = c.req.param('section') ?? ''
  const found = SECTIONS.find((each) => each.slug === slug)
  const { viewer, to, urls, admins, apps } = await enter(c, found ? section(found.slug) : member, (at) => ({
    urls: sectionUrlOf(at, slug),
    admins: adminNames(at),
    apps: appsFor(at, { section: slug }),
  }))
  if (!found) throw new HTTPException(404)
  const home = hrefOf(to, found)
  const address = safeHref(urls[0]?.url ?? '', c.env.APP_ORIGIN)
  return {
    viewer,
    to,
    found,
    apps,
    admins: admins.map(({ name }) => name),
    elsewhere: home === to.section(slug) ? undefined : home,
    href: 'href' in address ? address.href : undefined,
  }
}

const show = (c: Context<AppEnv>, { viewer, to, found, admins, apps, href }: Entered) =>
  c.render(<SectionPage {...{ to, viewer, admins, apps }} section={found} connected={href !== undefined} />, { title: found.name })
