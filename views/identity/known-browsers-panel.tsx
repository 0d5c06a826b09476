import type { Child } from 'hono/jsx'
import { Badge } from '../components/badge'
import { When } from '../components/when'
import type { OwnBrowser } from './account-props'
import { browserOf } from './browser'
import { Some } from './some'

export const KnownBrowsersPanel = ({ browsers, now }: { browsers: OwnBrowser[]; now: number }) => (
  <div class="panel" id="browsers">
    <header>
      <h3>Browsers</h3>
      <p>
        {browsers.length > 0
          ? 'You have signed in with these before. No one who guesses at your password can lock you out of them, and we email you when a new one is used.'
          : 'None yet. We remember the browsers you sign in with, and email you when a new one is used.'}
      </p>
    </header>
    {browsers.length > 0 && <Some rows={browsers.map((browser) => row(browser, now))} />}
  </div>
)

const row = (browser: OwnBrowser, now: number): Child => (
  <li id={`browser-${browser.id}`}>
    <span>
      {browserOf(browser.userAgent)}
      <small>
        {browser.ip}, last sign-in <When at={browser.lastUsedAt} now={now} prefix="" />
      </small>
      <small>
        <When at={browser.createdAt} now={now} prefix="First sign-in" />
      </small>
    </span>
    {browser.current ? <Badge tone="active">This browser</Badge> : <Forget browser={browser} />}
  </li>
)

const Forget = ({ browser: { id, userAgent } }: { browser: OwnBrowser }) => (
  <form
    method="post"
    action={`/account/browsers/${id}/forget`}
    hx-post={`/account/browsers/${id}/forget`}
    hx-target="#account"
    hx-disable="find button"
  >
    <button class="button small">
      Forget<span class="visually-hidden"> {browserOf(userAgent)}</span>
    </button>
  </form>
)
