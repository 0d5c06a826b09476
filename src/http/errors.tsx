import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { ErrorPage, wordsFor } from '../../views/errors'
import type { Words } from '../../views/refusals'
import type { AppEnv } from '../env'
import { ownPath, withNext } from './next'
import { wantsFragment } from './render'

/** The one place for surprises. htmx swaps every status, so an error must say where it belongs or it overwrites the target. */
export const showError: ErrorHandler<AppEnv> = (error, c) => {
  const status = statusOf(error)
  if (status === 401) return toSignIn(c)
  if (status === 429) c.header('Retry-After', '60')
  return showStatus(c, status)
}

export const notFound: NotFoundHandler<AppEnv> = (c) => showStatus(c, 404)

const showStatus = (c: Context<AppEnv>, status: ContentfulStatusCode) => refuse(c, status, wordsFor(status))

/** Says why something was not done: as a page, or in the notice beside the page that asked. */
export function refuse(c: Context<AppEnv>, status: ContentfulStatusCode, words: Words) {
  const fragment = wantsFragment(c)
  const content = <ErrorPage {...{ status, words, fragment, requestId: c.get('requestId') }} />
  c.status(status)
  if (!fragment) return c.render(content, { title: 'Error' })
  return c.html(content, status, { 'HX-Retarget': '#notice', 'HX-Reswap': 'innerHTML', Vary: 'HX-Request-Type' })
}

/** drizzle wraps what D1 throws; whatever the database could not do now, it may do in a moment. */
function statusOf(error: unknown): ContentfulStatusCode {
  if (error instanceof HTTPException) return error.status
  return /D1_ERROR|Failed query/.test(`${error} ${causeOf(error)}`) ? 503 : 500
}

const causeOf = (error: unknown) => (error instanceof Error && error.cause ? String(error.cause) : undefined)

function toSignIn(c: Context<AppEnv>) {
  if (wantsFragment(c)) return c.body(null, 401, { 'HX-Redirect': withNext(currentPath(c)) })
  return c.redirect(c.req.method === 'GET' ? withNext(pathOf(c.req.url)) : '/login', 303)
}

const pathOf = (url: string) => {
  const { pathname, search } = new URL(url)
  return pathname + search
}

const currentPath = (c: Context<AppEnv>) => {
  const url = URL.parse(c.req.header('HX-Current-URL') ?? '')
  return (url?.origin === c.env.APP_ORIGIN && ownPath(c.env.APP_ORIGIN, url.pathname + url.search)) || '/'
}
