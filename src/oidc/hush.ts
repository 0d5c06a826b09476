const LEVELS = ['debug', 'info', 'log', 'warn', 'error'] as const
const SILENCE = Object.fromEntries(LEVELS.map((level) => [level, () => {}]))

/** Keeps what libraries say of the runtime and of themselves out of the log, whose every line is ours. @returns what lets the console be heard again */
export function hush(): () => void {
  const voices = Object.fromEntries(LEVELS.map((level) => [level, Reflect.get(console, level)]))
  Object.assign(console, SILENCE)
  return () => void Object.assign(console, voices)
}

/** From here on, until what is imported after this module is loaded too: nothing else runs in between. */
export const loaded = hush()
