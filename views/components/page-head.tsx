import type { Child, PropsWithChildren } from 'hono/jsx'

/** The page's h1; the children are its actions, at the end of the line. */
export const PageHead = ({ title, lead, children }: PropsWithChildren<{ title: Child; lead?: Child | undefined }>) => (
  <header class="page-head">
    <div>
      <h1>{title}</h1>
      {lead && <p class="lead">{lead}</p>}
    </div>
    {children && <div class="buttons">{children}</div>}
  </header>
)
