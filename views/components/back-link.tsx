import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from './icon'

/** Above the title of a page: to the page that it is below, by its name. */
export const BackLink = ({ href, children }: PropsWithChildren<{ href: string }>) => (
  <a class="back" href={href}>
    <Icon name="arrow-left" />
    {children}
  </a>
)
