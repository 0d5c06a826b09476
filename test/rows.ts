import { company, grow } from './company'
import { call, callerOf } from './routes'

/** In a workspace of so many people, most of them invited and not yet here. */
export const PEOPLE = 1_000
const OF_COMPANY = 120

/** The rows that D1 bills for one call of a route there: what it reads, and what it writes with every index of a table. */
export async function rowsOf(name: string): Promise<Rows> {
  await company()
  await grow(0, PEOPLE - OF_COMPANY)
  const client = await callerOf(name)
  const { status } = await call(client, name)
  if (status >= 400) throw new Error(`${name}: ${status}`)
  return client.bill
}

export type Rows = { read: number; written: number }
