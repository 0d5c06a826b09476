import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from './icon'

/** What stands in `#notice`: a confirmation, or with `bad` a failure that stays until the next answer. */
export const Toast = ({ bad, children }: PropsWithChildren<{ bad?: boolean | undefined }>) => (
  <p class={bad ? 'toast bad' : 'toast'} role={bad ? 'alert' : undefined}>
    <Icon name={bad ? 'circle-alert' : 'circle-check'} />
    <span>{children}</span>
  </p>
)
