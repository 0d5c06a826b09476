import type { Child, PropsWithChildren } from 'hono/jsx'

/** Of a part of Access Management that has no tab of its own; the children are its actions. */
export const PartHead = ({ title, lead, children }: PropsWithChildren<{ title: string; lead: Child }>) => (
  <header class="page-head part">
    <div>
      <h2>{title}</h2>
      <p class="lead">{lead}</p>
    </div>
    {children && <div class="buttons">{children}</div>}
  </header>
)
