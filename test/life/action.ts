import type { Db } from '../../src/db/connect'
import type { Act } from '../../src/models/core/act'
import { somebody } from '../cast'
import type { Life } from './life'
import type { World } from './world'

/**
 * One thing that somebody does. `effects` are what the rules say each of its round trips does to the workspace and answers; without any, it is
 * answered with `otherwise`. The round trip `again` is tried once more when its answer is lost.
 */
export type Plan = {
  act: (db: Db, d1: D1Database) => Promise<string>
  effects: (() => string)[]
  otherwise?: string
  again?: number
}
export type Action = { words: string; plan: (life: Life, world: World) => Plan }

/** Which one: counted from the newest, of those for whom it would make sense, or of all that ever were. */
export type Choice<Pool extends string> = { of: Pool; back: number }

export const nth = <T>(things: T[], back: number) => things.at(-1 - (back % things.length))
export const oneOf = <T>(sensible: T[], all: T[], back: number) => nth(sensible.length ? sensible : all, back)

export const inWord = (done: boolean) => (done ? 'done' : 'refused')
export const reasonOf = (answer: object) => ('reason' in answer ? String(answer.reason) : 'done')

export const NOTHING: Plan = { act: async () => '', effects: [], otherwise: '' }

/** Over the database of the step. */
export const by = (life: Life, db: Act['db']): Act => ({ ...somebody(life.now), db })
