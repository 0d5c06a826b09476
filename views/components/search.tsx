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

/** A plain form that htmx sends while somebody types. It starts at the first page and keeps the other filters. */
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
    hx-push-url="true"
    hx-sync="this:replace"
  >
    <Icon name="search" />
    <input id={id} type="search" name={name} value={value} placeholder={label} aria-label={label} />
    {Object.entries(kept).map(([name, value]) => value && <input type="hidden" name={name} value={value} />)}
  </form>
)
