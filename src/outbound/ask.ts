import { askForeign } from './foreign'

/** More than any answer that we ask for has. */
const MOST_BYTES = 1_000_000

type Question = { headers: Record<string, string>; timeoutMs: number }

/** The text that a configured address answers; undefined when it fails, takes too long or says too much, or sends us elsewhere. */
export async function ask(url: string, { headers, timeoutMs }: Question): Promise<string | undefined> {
  const answer = await askForeign(url, headers, { timeoutMs, bytes: MOST_BYTES })
  return answer && answer.status >= 200 && answer.status < 300 ? answer.text : undefined
}
