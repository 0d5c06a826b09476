import { ADDRESS_CHARACTERS } from '../../src/limits'
import { Icon } from './icon'

type SearchProps = {
  id: string
  path: string
  name: string
  label: string
  value: string
  kept: Record<string, string | undefined>
  target: string
}

/**
 * A plain form that htmx sends while somebody types. It starts at the first page and keeps the other filters. Morphed, because a swap
 * would put back the older words that the answer was asked with; replacing the URL, because Back is not for spelling.
 */
export const Search = ({ id, path, name, label, value, kept, target }: SearchProps) => (
  <form
    class="search"
    role="search"
    aria-label={label}
    method="get"
    action={path}
    hx-get={path}
    hx-trigger="input delay:250ms, submit"
    hx-target={`#${target}`}
    hx-swap="outerMorph"
    hx-replace-url="true"
    hx-sync="this:replace"
  >
    <Icon name="search" />
    <input
      id={id}
      type="search"
      name={name}
      value={value}
      maxlength={ADDRESS_CHARACTERS}
      autocomplete="off"
      placeholder={label}
      aria-label={label}
    />
    {Object.entries(kept).map(([name, value]) => value && <input type="hidden" name={name} value={value} />)}
  </form>
)
