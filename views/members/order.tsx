import type { Filter } from '../../src/models/members/member'
import type { Order } from '../../src/models/members/order'
import type { WorkspacePaths } from '../../src/paths'
import { Icon } from '../components/icon'
import { hrefTo } from './filters'

const WORDS: Record<Order, string> = { address: 'Email', name: 'Name', role: 'Role', active: 'Last active', invited: 'Invited' }
const IN_A_ROW: Order[] = ['name', 'address', 'role', 'active', 'invited']
/** Of a time the newest is asked for first. */
const NEWEST_FIRST: Order[] = ['active', 'invited']

type Props = { to: WorkspacePaths; filter: Filter }

/** The head of a column that people are sorted by, in one way or in two; its row takes `SWAPS`. */
export const SortedHead = ({ to, filter, orders }: Props & { orders: Order[] }) => (
  <th scope="col" aria-sort={orders.includes(filter.order ?? 'address') ? waysIn(filter).aria : undefined}>
    <div class="orders">
      {orders.map((order) => (
        <OrderLink id={`head-${order}`} {...{ to, filter, order }} />
      ))}
    </div>
  </th>
)

/** The same where the table is too narrow for its head. */
export const Orders = ({ to, filter }: Props) => (
  <nav class="orders" aria-label="Sort by" {...SWAPS}>
    <span aria-hidden="true">Sort by</span>
    {IN_A_ROW.map((order) => (
      <OrderLink id={`order-${order}`} {...{ to, filter, order }} />
    ))}
  </nav>
)

const OrderLink = ({ to, filter, order, id }: Props & { order: Order; id: string }) => {
  const isOwn = order === (filter.order ?? 'address')
  const href = hrefTo(to, { ...filter, order, dir: isOwn ? waysIn(filter).other : NEWEST_FIRST.includes(order) ? 'desc' : 'asc' })
  return (
    <a id={id} aria-current={isOwn ? 'true' : undefined} href={href} hx-get={href}>
      {WORDS[order]}
      {isOwn && (
        <>
          <Icon name={waysIn(filter).icon} />
          <span class="visually-hidden">, {waysIn(filter).aria}</span>
        </>
      )}
    </a>
  )
}

export const SWAPS = { 'hx-target:inherited': '#users', 'hx-swap:inherited': 'outerMorph', 'hx-push-url:inherited': 'true' }

const waysIn = ({ dir }: Filter) =>
  dir === 'desc'
    ? ({ aria: 'descending', icon: 'arrow-down', other: 'asc' } as const)
    : ({ aria: 'ascending', icon: 'arrow-up', other: 'desc' } as const)
