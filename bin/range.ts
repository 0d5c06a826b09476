const TIMEOUT_MS = 5_000
/** The rest of a SHA-1, and how often it was seen. */
const LINE = /^[\dA-F]{35}:\d+/

/** Why the range API of the settings is of no use: the Worker would go on without it and say nothing. Undefined where none is set. */
export async function rangeProblem(url: string | undefined) {
  if (!url) return undefined
  const answer = await fetch(`${url}00000`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined)
  if (answer?.ok && LINE.test(await answer.text())) return undefined
  return `PASSWORD_RANGE_URL does not answer as a range API: ${url}00000 gave ${answer ? `status ${answer.status}` : 'no answer'}.`
}
