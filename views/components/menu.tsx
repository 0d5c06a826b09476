import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from './icon'

/**
 * The dots of a row. The children are links, buttons, forms with one button, and `<hr />`.
 * A `Confirm` stands beside the menu, never in it: a hidden popover hides what it holds.
 */
export const Menu = ({ id, label, children }: PropsWithChildren<{ id: string; label: string }>) => (
  <>
    <button type="button" class="button ghost dots" popovertarget={id} aria-label={label}>
      <Icon name="ellipsis" />
    </button>
    <div class="menu" id={id} popover="auto" role="group" aria-label={label}>
      {children}
    </div>
  </>
)
