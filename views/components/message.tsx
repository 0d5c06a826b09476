import type { PropsWithChildren } from 'hono/jsx'
import { Icon, type IconName } from './icon'

/** What stands where a page would: one thing to say, one way on. */
export const Message = ({ icon, title, children }: PropsWithChildren<{ icon: IconName; title: string }>) => (
  <div class="card stack message">
    <span class="tile">
      <Icon name={icon} />
    </span>
    <h1>{title}</h1>
    {children}
  </div>
)
