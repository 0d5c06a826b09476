import { type SQL, sql } from 'drizzle-orm'

declare const aliases: unique symbol

/** Text after FROM, which gives its tables these aliases; whoever selects from it may use no others. One that gives more will do as well. */
export type From<A extends string> = SQL & { readonly [aliases]: (asked: A) => void }

/** Names the aliases that the text gives. */
export const from = <A extends string>(text: SQL, ..._given: A[]) => text as From<A>

/** The members `m` for whom the condition holds. */
export const membersWhere = (condition: SQL) => from(sql`members m WHERE ${condition}`, 'm')
