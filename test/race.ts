/** A race tried once hides its bug nine times in ten; this many tries, each with this many at once, showed every one we planted. */
export const TRIES = 50
export const AT_ONCE = 20

/** Starts all of them before any has answered. */
export const together = <T>(act: (i: number) => Promise<T>, times = AT_ONCE) =>
  Promise.all(Array.from({ length: times }, (_, i) => act(i)))

export async function tryOften(attempt: (i: number) => Promise<void>, times = TRIES) {
  for (let i = 0; i < times; i++) await attempt(i)
}
