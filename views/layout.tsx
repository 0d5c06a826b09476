import { html } from 'hono/html'
import type { Child, PropsWithChildren } from 'hono/jsx'
import { pathsIn } from '../src/paths'
import assets from './assets.json'
import { Avatar } from './components/avatar'
import { Icon, type IconName } from './components/icon'
import { Wordmark } from './components/wordmark'
import { FactorDue } from './identity/factor-due'
import type { NavGroup } from './nav-groups'

export type Frame = {
  /** None around the pages of a person, which belong to no workspace. */
  workspace: { id: string; name: string } | undefined
  me: { name: string; email: string }
  sections: { slug: string; name: string; icon: IconName; href?: string | undefined; group: NavGroup }[]
  workspaces: { id: string; name: string }[]
  current: string
  /** From when on they need a second factor to open the workspace, which they do not have yet (ms), and the page to go on with. */
  factorDue?: { at: number; now: number; next: string } | undefined
}

const HTMX_CONFIG = JSON.stringify({
  defaultSwap: 'outerHTML',
  defaultTimeout: 15_000,
  includeIndicatorCSS: false,
  // What somebody has unfolded, with what they are choosing in it, stays so where only what surrounds it changes. The first is htmx's own.
  morphIgnore: ['data-htmx-powered', 'open'],
})

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
        <link rel="stylesheet" href={frame?.workspace ? assets.workspaceCss : assets.personCss} />
        <script src={assets.htmx} defer></script>
        <script src={assets.js} defer></script>
      </head>
      <body class={frame ? 'shell' : 'threshold'}>
        <a class="skip" href="#main">
          Skip to content
        </a>
        {frame ? <Sidebar frame={frame} /> : <Brand />}
        <main id="main" class="content" tabindex={-1}>
          {frame?.factorDue && <FactorDue name={frame.workspace?.name} {...frame.factorDue} />}
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
      {frame.workspace ? <WorkspaceName name={frame.workspace.name} /> : <Home />}
    </header>
    <nav class="sidebar" id="sidebar" popover="auto" aria-label={frame.workspace ? 'Workspace' : 'Your account'}>
      <Workspace frame={frame} />
      <div class="sections">
        <SectionLinks frame={frame} group="work" />
        <SectionLinks frame={frame} group="admin" />
        <SectionLinks frame={frame} group="unconnected" />
      </div>
      <Me frame={frame} />
      <button type="button" class="button ghost close" popovertarget="sidebar" popovertargetaction="hide" aria-label="Close menu">
        <Icon name="x" />
      </button>
    </nav>
  </>
)

const Workspace = ({ frame: { workspace, workspaces } }: { frame: Frame }) => {
  if (!workspace) return <Home />
  return workspaces.length > 1 ? <Switcher {...{ workspace, workspaces }} /> : <WorkspaceName name={workspace.name} />
}

const Home = () => (
  <a class="home" href="/">
    <Wordmark />
  </a>
)

const WorkspaceName = ({ name }: { name: string }) => (
  <span class="workspace">
    <span class="mark" aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
    <b>{name}</b>
  </span>
)

type SwitcherProps = { workspace: { id: string; name: string }; workspaces: Frame['workspaces'] }

/** Links, since entering a workspace changes nothing: each page says which one it is of. */
const Switcher = ({ workspace, workspaces }: SwitcherProps) => (
  <>
    <button type="button" class="switcher" popovertarget="workspaces">
      <WorkspaceName name={workspace.name} />
      <span class="visually-hidden"> (switch workspace)</span>
      <Icon name="chevrons-up-down" />
    </button>
    <div class="menu" id="workspaces" popover="auto" role="group" aria-label="Workspaces">
      {workspaces.map(({ id, name }) => (
        <a href={pathsIn(id).home} aria-current={id === workspace.id ? 'true' : undefined}>
          <WorkspaceName name={name} />
          {id === workspace.id && <Icon name="check" />}
        </a>
      ))}
      <hr />
      <a href="/workspaces">All workspaces</a>
    </div>
  </>
)

const NAV_GROUPS: Record<NavGroup, string> = { work: '', admin: 'Admin', unconnected: 'Not connected' }

/** A section without an address, as in a preview, is shown and leads nowhere. */
export const SectionLinks = ({ frame, group }: { frame: Pick<Frame, 'sections' | 'current'>; group: NavGroup }) => {
  const sections = frame.sections.filter((section) => section.group === group)
  return (
    <>
      {NAV_GROUPS[group] && sections.length > 0 && <p class="nav-group">{NAV_GROUPS[group]}</p>}
      {sections.map(({ slug, name, icon, href }) => (
        <a class="nav-item" href={href} aria-current={slug === frame.current ? 'page' : undefined}>
          <Icon name={icon} />
          {name}
        </a>
      ))}
    </>
  )
}

const Me = ({ frame: { me, current } }: { frame: Frame }) => (
  <div class="me">
    <a href="/account" aria-current={current === 'account' ? 'page' : undefined}>
      <Avatar label={me.name} />
      <span>
        {me.name}
        {me.email !== me.name && <small>{me.email}</small>}
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
