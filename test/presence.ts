import type { dump } from './database'

type Rows = Awaited<ReturnType<typeof dump>>

/** Every row without what being on a page leaves behind: when somebody was last where. */
export const withoutPresence = ({ visits: _, ...rows }: Rows): Rows =>
  Object.fromEntries(Object.entries(rows).map(([table, all]) => [table, all.map(withoutTimes)]))

const withoutTimes = ({ last_active_at: _, seen_at: __, last_tenant_id: ___, ...row }: Rows[string][number]) => row
