import { html } from 'hono/html'
import type { Child, PropsWithChildren } from 'hono/jsx'
import { Avatar } from './components/avatar'
import { Icon, type IconName } from './components/icon'
import { Wordmark } from './components/wordmark'

export type Frame = {
  tenantName: string
  tenantSlug: string
  memberName: string
  email: string
  sections: { slug: string; name: string; icon: IconName; href?: string | undefined; group: 'work' | 'admin' }[]
  workspaces: { slug: string; name: string }[]
  current: string
}

const HTMX_CONFIG = JSON.stringify({ defaultSwap: 'outerHTML', defaultTimeout: 15_000, includeIndicatorCSS: false })

type LayoutProps = PropsWithChildren<{ title: string; frame?: Frame | undefined; flash?: Child }>

/** With a frame the workspace around the page; without one a page that stands alone. */
export const Layout = ({ title, frame, flash, children }: LayoutProps) =>
  html`<!doctype html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <title>{title} · Latchkey</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/app.css" />
        <script src="/htmx.js" defer></script>
        <script src="/app.js" defer></script>
      </head>
      <body class={frame ? 'shell' : 'threshold'}>
        <a class="skip" href="#main">
          Skip to content
        </a>
        {frame ? <Sidebar frame={frame} /> : <Brand />}
        <main id="main" class="content" tabindex={-1}>
          {children}
        </main>
        <Offline />
        <div id="notice" class="notice" role="status" aria-live="polite">
          {flash}
        </div>
      </body>
    </html>
  )}`

const Brand = () => (
  <header class="brand">
    <a href="/">
      <Wordmark />
    </a>
  </header>
)

/** A popover that wide screens always show, so that narrow ones need no script to open it. */
const Sidebar = ({ frame }: { frame: Frame }) => (
  <>
    <header class="topbar">
      <button type="button" class="button ghost" popovertarget="sidebar" aria-label="Menu">
        <Icon name="menu" />
      </button>
      <WorkspaceName name={frame.tenantName} />
    </header>
    <nav class="sidebar" id="sidebar" popover="auto" aria-label="Workspace">
      <Workspace frame={frame} />
      <div class="sections">
        <SectionLinks frame={frame} group="work" />
        <SectionLinks frame={frame} group="admin" />
      </div>
      <Me frame={frame} />
      <button type="button" class="button ghost close" popovertarget="sidebar" popovertargetaction="hide" aria-label="Close menu">
        <Icon name="x" />
      </button>
    </nav>
  </>
)

const Workspace = ({ frame }: { frame: Frame }) =>
  frame.workspaces.length > 1 ? <Switcher frame={frame} /> : <WorkspaceName name={frame.tenantName} />

const WorkspaceName = ({ name }: { name: string }) => (
  <span class="workspace">
    <span class="mark" aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
    <b>{name}</b>
  </span>
)

const Switcher = ({ frame }: { frame: Frame }) => (
  <>
    <button type="button" class="switcher" popovertarget="workspaces" aria-label={`Workspace ${frame.tenantName}, switch`}>
      <WorkspaceName name={frame.tenantName} />
      <Icon name="chevrons-up-down" />
    </button>
    <div class="menu" id="workspaces" popover="auto" role="group" aria-label="Workspaces">
      {frame.workspaces.map(({ slug, name }) => (
        <form method="post" action={`/workspaces/${slug}/enter`}>
          <button aria-current={slug === frame.tenantSlug ? 'true' : undefined}>
            <WorkspaceName name={name} />
            {slug === frame.tenantSlug && <Icon name="check" />}
          </button>
        </form>
      ))}
    </div>
  </>
)

/** A section without an address, as in a preview, is shown and leads nowhere. */
export const SectionLinks = ({ frame, group }: { frame: Pick<Frame, 'sections' | 'current'>; group: 'work' | 'admin' }) => {
  const sections = frame.sections.filter((section) => section.group === group)
  return (
    <>
      {group === 'admin' && sections.length > 0 && <p class="nav-group">Admin</p>}
      {sections.map(({ slug, name, icon, href }) => (
        <a class="nav-item" href={href} aria-current={slug === frame.current ? 'page' : undefined}>
          <Icon name={icon} />
          {name}
        </a>
      ))}
    </>
  )
}

const Me = ({ frame }: { frame: Frame }) => (
  <div class="me">
    <a href="/account" aria-current={frame.current === 'account' ? 'page' : undefined}>
      <Avatar label={frame.memberName} />
      <span>
        {frame.memberName}
        {frame.email !== frame.memberName && <small>{frame.email}</small>}
      </span>
    </a>
    <form method="post" action="/logout">
      <button class="button ghost" aria-label="Sign out" title="Sign out">
        <Icon name="log-out" />
      </button>
    </form>
  </div>
)

const Offline = () => (
  <div id="offline" class="offline" role="alert" hidden>
    <Icon name="wifi-off" />
    <span />
    <button type="button" class="button small">
      Reload
    </button>
  </div>
)
