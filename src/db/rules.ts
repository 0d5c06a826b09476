import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './connect'
import { raw } from './raw'

/** Why something is refused: a reason, the condition under which it holds, which is never NULL, and when (ms) it will not hold any more, if time helps. */
export type Rule<Reason extends string = string> = readonly [reason: Reason, holds: SQL, retryAt?: SQL]

/** The reasons that a list of rules can give. */
export type ReasonOf<Rules extends readonly Rule[]> = Rules[number][0]

/** `retryAt` (ms) is null where waiting does not help. */
export type Refusal<Reason extends string> = { reason: Reason; retryAt: number | null }

/**
 * Whether any of the rules holds, as a condition. The statement that does the thing says `NOT` of it, and `firstReason` of the same list, read in
 * the same batch before it, tells why nothing was done: what decides is what explains.
 */
export const refuses = (rules: readonly Rule[]) =>
  sql`(${sql.join(
    rules.map(([, holds]) => holds),
    sql` OR `,
  )})`

/** The first rule that holds, as SQL for a JSON `Refusal`, or NULL. */
export const firstReason = (rules: readonly Rule[]) =>
  sql`CASE ${sql.join(
    rules.map(
      ([reason, holds, retryAt]) => sql`WHEN ${holds} THEN json_object('reason', ${reason}, 'retryAt', ${retryAt ?? null})`,
    ),
    sql` `,
  )} END`

/** What `firstReason` of these rules found. */
export const readRefusal = <Rules extends readonly Rule[]>(
  _of: Rules,
  found: string | null,
): Refusal<ReasonOf<Rules>> | undefined => (found === null ? undefined : JSON.parse(found))

type Told = { refusal: string | null }

/** One row: why nothing will be done, read in the batch of the statement that decides. */
export const explain = (db: Db, rules: readonly Rule[]) => raw<Told>(db, sql`SELECT ${firstReason(rules)} AS refusal`)

/** What that said, where the statement did nothing. @throws Error where no rule says why */
export function explained<const Rules extends readonly Rule[]>(rules: Rules, told: Told | undefined): Refusal<ReasonOf<Rules>> {
  const refusal = told && readRefusal(rules, told.refusal)
  if (!refusal) throw new Error('something was refused by no rule')
  return refusal
}
