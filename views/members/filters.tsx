import type { PropsWithChildren } from 'hono/jsx'
import type { Link } from '../../src/models/core/paging'
import type { Counts } from '../../src/models/members/counts'
import type { Filter, Status } from '../../src/models/members/member'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Icon } from '../components/icon'
import { inWords, ROLES } from '../words'

/** `asks`: the workspace asks somebody for a second factor. */
type Props = { to: WorkspacePaths; filter: Filter; counts: Counts; asks: boolean }

/** The order of addresses needs no word. */
export const hrefTo = (to: WorkspacePaths, { q, status, role, order, dir }: Filter, link: Link = {}) =>
  withQuery(to.users, {
    q,
    status,
    role,
    order: order === 'address' ? undefined : order,
    dir: dir === 'asc' ? undefined : dir,
    ...link,
  })

/**
 * One form, so that no choice is sent without the others or what is being typed. Typing replaces the URL, since Back is not for spelling. All
 * of it is morphed: a swap would put back the older words that the answer was asked with.
 */
export const Filters = ({ to, filter, counts, asks: wanted, children }: PropsWithChildren<Props>) => (
  <form
    // After Back a browser would choose again what was chosen on the page after this one.
    autocomplete="off"
    class="filters"
    id="filters"
    role="search"
    aria-label="People"
    method="get"
    action={to.users}
    {...asks(to)}
    hx-trigger="submit"
    hx-push-url="true"
  >
    {filter.order && <input type="hidden" name="order" value={filter.order} />}
    {filter.dir && <input type="hidden" name="dir" value={filter.dir} />}
    <div class="search">
      <Icon name="search" />
      <input
        id="q"
        type="search"
        name="q"
        value={filter.q}
        autocomplete="off"
        placeholder={SEARCH}
        aria-label={SEARCH}
        {...asks(to)}
        hx-trigger="input delay:250ms"
        hx-replace-url="true"
      />
    </div>
    <button type="button" class="button narrow-only" popovertarget="choices">
      <Icon name="filter" />
      {chosenInWords(filter)}
    </button>
    <div class="choices" id="choices" popover="auto" {...asks(to)} hx-trigger="change" hx-push-url="true">
      <select name="role" id="role" aria-label="Role">
        <option value="">Any role</option>
        {(['admin', 'user'] as const).map((role) => (
          <option value={role} selected={role === filter.role}>
            {ROLES[role]}
          </option>
        ))}
      </select>
      <fieldset class="chips">
        <legend class="visually-hidden">Status</legend>
        {STATES.filter(({ status }) => status !== 'no_factor' || wanted || filter.status === status).map(({ status, text }) => (
          <Chip status={status} text={text} chosen={status === filter.status} count={counts[status ?? 'all']} q={filter.q} />
        ))}
      </fieldset>
      {children}
    </div>
    <noscript>
      <button class="button">Show</button>
    </noscript>
  </form>
)

const SEARCH = 'Search name or address'

const asks = (to: WorkspacePaths) => ({
  'hx-get': to.users,
  'hx-include': '#filters',
  'hx-target': '#users',
  'hx-swap': 'outerMorph',
  'hx-sync': '#filters:replace',
  'hx-indicator': '#users',
})

const STATES: { status: Status | undefined; text: string }[] = [
  { status: undefined, text: 'All' },
  { status: 'attention', text: 'Needs attention' },
  { status: 'active', text: 'Active' },
  { status: 'no_factor', text: 'No second factor' },
  { status: 'pending', text: 'Pending' },
  { status: 'expired', text: 'Expired' },
  { status: 'bounced', text: 'Bounced' },
  { status: 'disabled', text: 'Disabled' },
  { status: 'ended', text: 'Ended' },
]

const chosenInWords = ({ status, role }: Filter) => {
  const chosen = [status && STATES.find((each) => each.status === status)?.text, role && ROLES[role]].filter(Boolean)
  return chosen.length > 0 ? chosen.join(', ') : 'Filter'
}

type ChipProps = { status: Status | undefined; text: string; chosen: boolean; count: Counts['all']; q: string }

/** A count is of everybody of that status, and so would mislead beside what is searched for. */
const Chip = ({ status, text, chosen, count, q }: ChipProps) => (
  <label class="chip">
    <input type="radio" name="status" id={`status-${status ?? 'all'}`} value={status ?? ''} checked={chosen} />
    {text}
    {!q && count !== undefined && <small class="count"> {inWords(count)}</small>}
  </label>
)
