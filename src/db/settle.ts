import { isReadOnly } from './patient'

/** As many people whose access changed are settled at once; of a change of more the rest follows in chunks, and every question answers no meanwhile. */
export const SETTLED_AT_ONCE = 1000

/** Deletes the marks that triggers left of whose access changed, which ends what these people are signed in to and may not see any more. */
const SETTLE = `DELETE FROM access_changes WHERE (tenant_id, member_id) IN (
  SELECT tenant_id, member_id FROM access_changes WHERE tenant_id > '' LIMIT ${SETTLED_AT_ONCE})`

/** In SQL, what is due by the clock of D1, which counts in whole seconds where a row may say milliseconds. */
export const DUE_NOW = 'unixepoch() * 1000 + 1000'
const DUE = `SELECT 1 WHERE EXISTS (SELECT 1 FROM app_logouts WHERE state = 'waiting' AND due_at <= ${DUE_NOW})
  OR EXISTS (SELECT 1 FROM access_changes WHERE tenant_id > '')`

/**
 * D1 as `patient` makes it, whose batches that write end with what follows from them: grants to apps end in the batch of whatever takes the access
 * away, however many statements that took. @param due hears that an app has to be told of a sign-out, or that there is more to settle
 */
export function settling(d1: D1Database, due: () => void): D1Database {
  return Object.assign(Object.create(d1), {
    batch: async <T>(statements: D1PreparedStatement[]) => {
      if (statements.every(isReadOnly)) return d1.batch<T>(statements)
      const results = await d1.batch<T>([...statements, d1.prepare(SETTLE), d1.prepare(DUE)])
      if (results.at(-1)?.results.length) due()
      return results.slice(0, -2)
    },
  })
}
