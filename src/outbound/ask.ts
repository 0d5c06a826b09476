/** More than any answer that we ask for has. */
const MOST_CHARACTERS = 1_000_000

type Question = { headers: Record<string, string>; timeoutMs: number }

/** The text that a configured address answers; undefined when it fails, takes too long or says too much, or sends us elsewhere. */
export async function ask(url: string, { headers, timeoutMs }: Question): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    return answer.ok && answer.body ? await textOf(answer.body) : undefined
  } catch {
    return undefined
  }
}

async function textOf(body: ReadableStream<Uint8Array>) {
  let text = ''
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part
    if (text.length > MOST_CHARACTERS) return undefined
  }
  return text
}
