import { env } from 'cloudflare:workers'
import fc from 'fast-check'

/** Enough for every commit; on a machine that is busy with other things, as many as there is time for. */
const RUNS = 50

/**
 * Asserts what holds of any life, for the first and those that begin within `patienceMs`; `LIFE_RUNS` says how many instead. The last one is lived to
 * its end: what fast-check interrupts after a time limit of its own goes on in the middle of the next test.
 */
export async function expectOfAnyLife<Life>(life: fc.Arbitrary<Life>, holds: (life: Life) => Promise<void>, patienceMs: number) {
  const { runs, seed } = env.TEST_LIFE
  const end = performance.now() + patienceMs
  let isFirst = true
  const property = fc.asyncProperty(life, async (life) => {
    const isDue = isFirst || runs > 0 || performance.now() < end
    isFirst = false
    if (isDue) await holds(life)
  })
  await fc.assert(property, { numRuns: runs || RUNS, ...(seed ? { seed } : {}) })
}
