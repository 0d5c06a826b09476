import type { Child, PropsWithChildren } from 'hono/jsx'

/** What htmx swaps: the page's own section first, then the notice beside it. */
export const Fragment = ({ title, flash, children }: PropsWithChildren<{ title: string; flash: Child }>) => (
  <>
    <title>{title} · Latchkey</title>
    {children}
    <hx-partial hx-target="#notice" hx-swap="innerHTML">
      {flash}
    </hx-partial>
  </>
)
