import type { Context } from 'hono'
import type { AppEnv } from '../env'
import type { Purpose } from '../models/identity/token'
import { followLink, isLinkPage, type Link, linkInCookie } from './link'
import { noLink } from './no-link'

type Show = (c: Context<AppEnv>, link: Link) => Response | Promise<Response>

/** Answers a GET of whatever is on the paths of links: a link as it was emailed leads to its page, its page is shown where this browser has it open. */
export const linkPage = (purpose: Purpose, show: Show) => async (c: Context<AppEnv>) => {
  if (!isLinkPage(c)) return (await followLink(c)) ?? noLink(c)
  const link = await linkInCookie(c, purpose)
  return link ? show(c, link) : noLink(c, { lost: true })
}
