import type { Browser, Model, Person } from './model'

/** One thing that happens, done with the real pages; what the rules say comes of it is expected, and noted in the model. */
export type Step = { words: string; take: (model: Model) => Promise<void> }

export type At = number
export type Who = number

export const browserAt = ({ browsers }: Pick<Model, 'browsers'>, at: At) => browsers[at % browsers.length] as Browser
/** Mostly one for which it makes sense. */
export const likely = ({ browsers }: Model, at: At, sensible: (browser: Browser) => unknown) =>
  browserAt({ browsers: [...browsers.filter(sensible), ...browsers] }, at)
export const personAt = ({ people }: Model, who: Who) => people[who % people.length] as Person

/** The time step of an app's code. */
export const stepAt = (at: number) => Math.floor(at / 30_000)

let passwords = 0
export const nextPassword = () => `plum teapot orbit canyon ${++passwords}`
