/** In ms, and once unpacked. */
export const FOREIGN = { timeoutMs: 5_000, bytes: 5 * 1024 } as const

export type ForeignAnswer = { status: number; contentType: string; text: string }

/**
 * What a foreign address answers; undefined where it does not within the time, says too much, or sends us elsewhere. We send it nothing but `headers`: no
 * cookie, and no credentials. Whether it may be asked is for `isOutside` to say.
 */
export async function askForeign(
  address: string,
  headers: Record<string, string>,
  { timeoutMs, bytes }: { timeoutMs: number; bytes: number } = FOREIGN,
): Promise<ForeignAnswer | undefined> {
  try {
    const answer = await fetch(address, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    if (answer.status >= 300 && answer.status < 400) return undefined
    const text = await textOf(answer, bytes)
    if (text === undefined) return undefined
    return { status: answer.status, contentType: answer.headers.get('Content-Type') ?? '', text }
  } catch {
    return undefined
  }
}

async function textOf({ body }: Response, most: number) {
  const decoder = new TextDecoder()
  let [text, left] = ['', most]
  for await (const part of body ?? []) {
    left -= part.length
    if (left < 0) return undefined
    text += decoder.decode(part, { stream: true })
  }
  return text + decoder.decode()
}
