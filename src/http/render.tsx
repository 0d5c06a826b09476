import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { FlashToast } from '../../views/flash'
import { Fragment } from '../../views/fragment'
import { Layout } from '../../views/layout'
import type { AppEnv } from '../env'
import { takeFlash } from './flash'
import { frameOf, personFrameOf } from './frame'
import { withPerson } from './whose'

declare module 'hono' {
  interface ContextRenderer {
    (content: string | Promise<string>, props: { title: string }): Response | Promise<Response>
  }
}

/** htmx 4 says "partial" when it fills an element; boosts and history restores say "full". */
const wantsFragment = (c: Context) => c.req.header('HX-Request-Type') === 'partial'

/** Page or fragment, decided here once: the fragment is the page without what stands around it. */
export const render = createMiddleware<AppEnv>(async function render(c, next) {
  c.setRenderer(async (content, { title }) => {
    c.header('Vary', 'HX-Request-Type', { append: true })
    const taken = takeFlash(c)
    const flash = taken && <FlashToast flash={taken} tenantId={c.get('viewer')?.tenantId} path={c.req.path} />
    if (wantsFragment(c)) return c.html(await withPerson(c, await (<Fragment {...{ title, flash }}>{content}</Fragment>)))
    const frame = frameOf(c.get('viewer'), c.req.path) ?? personFrameOf(c.get('person'), c.req.path)
    return c.html(await withPerson(c, await (<Layout {...{ title, flash, frame }}>{content}</Layout>)))
  })
  await next()
})
