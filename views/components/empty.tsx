import type { PropsWithChildren } from 'hono/jsx'
import { Icon, type IconName } from './icon'

export const Empty = ({ icon, title, children }: PropsWithChildren<{ icon: IconName; title: string }>) => (
  <div class="empty">
    <span class="tile">
      <Icon name={icon} />
    </span>
    <h2>{title}</h2>
    {children}
  </div>
)
