import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'

const QUERY_CHARACTERS = 254

/** What is searched for, or after what a page starts. */
export const words = v.optional(v.pipe(v.string(), v.maxLength(QUERY_CHARACTERS)), '')

/** The named parts of the query. An empty one is what a form without a choice sends. @throws HTTPException 400 */
export function readQuery<E extends v.ObjectEntries>(c: Context, entries: E) {
  const query = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''))
  const read = v.safeParse(v.object(entries), query)
  if (!read.success) throw new HTTPException(400)
  return read.output
}
