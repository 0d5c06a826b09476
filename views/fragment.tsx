import type { PropsWithChildren } from 'hono/jsx'
import { Toast } from './components/toast'

/** What htmx swaps: the page's own section first, then the notice beside it. */
export const Fragment = ({ title, flash, children }: PropsWithChildren<{ title: string; flash: string | undefined }>) => (
  <>
    <title>{title} · Latchkey</title>
    {children}
    <hx-partial hx-target="#notice" hx-swap="innerHTML">
      {flash && <Toast>{flash}</Toast>}
    </hx-partial>
  </>
)
