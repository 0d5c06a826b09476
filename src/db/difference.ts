import { type SQL, sql } from 'drizzle-orm'

/**
 * Of two JSON objects, as SQL: the entries of the first that stand differently, or not at all, in the second. With `among`, only those
 * that it has too. So an activity entry says what changed and nothing else, and says it of the row as the write finds it.
 */
export const differing = (first: SQL, second: SQL, among?: SQL) => sql`(
  SELECT json_group_object(f.key, f.value) FROM json_each(${first}) f
  WHERE f.value IS NOT (SELECT s.value FROM json_each(${second}) s WHERE s.key = f.key)
    ${among ? sql`AND f.key IN (SELECT o.key FROM json_each(${among}) o)` : sql``})`
