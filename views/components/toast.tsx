import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from './icon'

/** What stands in `#notice`: a confirmation, or with `bad` a failure that stays until the next answer. No paragraph: that cannot hold the form of an Undo. */
export const Toast = ({ bad, children }: PropsWithChildren<{ bad?: boolean | undefined }>) => (
  <div class={bad ? 'toast bad' : 'toast'} role={bad ? 'alert' : undefined}>
    <Icon name={bad ? 'circle-alert' : 'circle-check'} />
    <span>{children}</span>
    <button type="button" class="dismiss" aria-label="Dismiss">
      <Icon name="x" />
    </button>
  </div>
)
