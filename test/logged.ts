import { inspect } from 'node:util'
import { type MockInstance, vi } from 'vitest'

const LEVELS = ['debug', 'info', 'log', 'warn', 'error', 'trace'] as const

/** Keeps what is written to the console at any level, and lets none of it through; `stop` says what it was. */
export function listen() {
  const spies: MockInstance[] = LEVELS.map((level) => vi.spyOn(console, level).mockReturnValue())
  return {
    stop() {
      const lines = spies.flatMap((spy) => spy.mock.calls.map((words) => words.map(inWords).join(' ')))
      for (const spy of spies) spy.mockRestore()
      return lines
    },
  }
}

const inWords = (word: unknown) => (typeof word === 'string' ? word : inspect(word, { depth: 9 }))

/** What `act` writes to the console. */
export function logged(act: () => void): string[] {
  const ear = listen()
  act()
  return ear.stop()
}
