import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** That a key contains every one of them. `instr`, since what is typed is text and has no wildcards. */
export const containsAll = (key: SQLWrapper, needles: string[]): SQL | undefined =>
  needles.length === 0
    ? undefined
    : sql.join(
        needles.map((needle) => sql`instr(${key}, ${needle})`),
        sql` AND `,
      )
