import { type MockInstance, vi } from 'vitest'

const LEVELS = ['debug', 'info', 'log', 'warn', 'error', 'trace'] as const

/** Keeps what is written to the console at any level, and lets none of it through, until `stop`. */
export function listen() {
  const spies: MockInstance[] = LEVELS.map((level) => vi.spyOn(console, level).mockReturnValue())
  return {
    lines: () => spies.flatMap((spy) => spy.mock.calls.map((words) => words.map(String).join(' '))),
    stop: () => spies.map((spy) => spy.mockRestore()),
  }
}

/** What `act` writes to the console. */
export function logged(act: () => void): string[] {
  const ear = listen()
  act()
  const lines = ear.lines()
  ear.stop()
  return lines
}
