import type { Db } from '../../src/db/connect'
import type { Life } from './life'
import type { World } from './world'

/**
 * One thing that somebody does. `effects` are what SPEC says each of its round trips does to the workspace and answers; without any, it is
 * answered with `otherwise`.
 */
export type Plan = { act: (db: Db, d1: D1Database) => Promise<string>; effects: (() => string)[]; otherwise?: string }
export type Action = { words: string; plan: (life: Life, world: World) => Plan }

/** Which one: counted from the newest, of those for whom it would make sense, or of all that ever were. */
export type Choice<Pool extends string> = { of: Pool; back: number }

export const nth = <T>(things: T[], back: number) => things.at(-1 - (back % things.length))
export const oneOf = <T>(sensible: T[], all: T[], back: number) => nth(sensible.length ? sensible : all, back)

export const inWord = (done: boolean) => (done ? 'done' : 'refused')
export const reasonOf = (answer: object) => ('reason' in answer ? String(answer.reason) : 'done')

export const NOTHING: Plan = { act: async () => '', effects: [], otherwise: '' }
