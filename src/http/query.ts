import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { ADDRESS_CHARACTERS } from '../limits'

/** As much as the column `sort_name` has of a name, and more than a time has. */
const SORTED_CHARACTERS = 60

function cutText(characters: number) {
  return v.optional(
    v.pipe(
      v.string(),
      v.transform((typed) => typed.slice(0, characters)),
    ),
    '',
  )
}

/** What is searched for, or after what a page starts. Nothing that can be found is longer. */
export const searchText = cutText(ADDRESS_CHARACTERS)

/** Of a row in a list: what it is sorted by, and its address. */
const placeText = cutText(ADDRESS_CHARACTERS + SORTED_CHARACTERS)

/** Where a page of a list begins; the number of its first row is what the link to it says, and only shown. */
export const POSITION = {
  cursor: placeText,
  before: placeText,
  row: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/), v.transform(Number))),
}

/** The named parts of the query. An empty one is what a form without a choice sends. @throws HTTPException 400 */
export const readQuery = <E extends v.ObjectEntries>(c: Context, entries: E) => partsOf(c.req.query(), entries)

/** The same of a query that is not the request's own. @throws HTTPException 400 */
export function partsOf<E extends v.ObjectEntries>(query: Record<string, string>, entries: E) {
  const filled = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
  const read = v.safeParse(v.object(entries), filled)
  if (!read.success) throw new HTTPException(400)
  return read.output
}
