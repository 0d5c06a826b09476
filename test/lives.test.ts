import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { expectOfAnyLife } from './lives'

const asked = { ...env.TEST_LIFE }
const says = (said: Partial<typeof asked>) => Object.assign(env.TEST_LIFE, { runs: 0, seed: 0 }, said)
afterEach(() => says(asked))

/** How many were lived, and what was said of them. */
async function lived(patienceMs: number, holds: (life: number, nth: number) => Promise<void> = async () => {}) {
  const lives: number[] = []
  const holdsOf = (life: number) => holds(life, lives.push(life))
  const problem = await expectOfAnyLife(fc.nat(), holdsOf, patienceMs).then(
    () => undefined,
    (error: Error) => error.message,
  )
  return { lives, problem }
}

const fails = async (_: number, nth: number) => {
  if (nth === 3) throw new Error('does not hold')
}

describe('what holds of any life', () => {
  it('is asked of fifty, or as many as somebody says', async () => {
    says({})
    expect((await lived(60_000)).lives).toHaveLength(50)
    says({ runs: 7 })
    expect((await lived(60_000)).lives).toHaveLength(7)
  })

  it('fails with the one of which it does not hold, and with the seed that repeats it', async () => {
    for (const runs of [0, 7]) {
      says({ runs })
      expect((await lived(60_000, fails)).problem).toMatch(/seed: -?\d+[\s\S]*Counterexample/)
    }
  })

  it('is asked of the same lives by the same seed', async () => {
    says({ runs: 3, seed: 42 })
    const { lives } = await lived(0)
    expect((await lived(0)).lives).toEqual(lives)
    says({ runs: 3, seed: 43 })
    expect((await lived(0)).lives).not.toEqual(lives)
  })

  it('is asked of one at least, however late it begins, and of as many as somebody says', async () => {
    says({})
    expect((await lived(0)).lives).toHaveLength(1)
    says({ runs: 3 })
    expect((await lived(0)).lives).toHaveLength(3)
  })
})
