const TIMEOUT_MS = 5_000
/** The rest of a SHA-1, and how often it was seen. */
const LINE = /^[\dA-F]{35}:\d+/

/** Why a range API of one's own would answer nothing of use, since the Worker then goes on without it; undefined where there is none. */
export async function rangeProblem(url: string | undefined) {
  if (!url) return undefined
  const answer = await fetch(`${url}00000`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined)
  if (answer?.ok && LINE.test(await answer.text())) return undefined
  return `PASSWORD_RANGE_URL does not answer as a range API: ${url}00000 gave ${answer ? `status ${answer.status}` : 'no answer'}.`
}
