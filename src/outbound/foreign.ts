/** In ms, and once unpacked. */
export const FOREIGN = { timeoutMs: 5_000, bytes: 5 * 1024 } as const

/**
 * Whether an address that somebody else has given us may be asked: https on 443, and a public name that is none of `ours`. An IP address is none, in
 * whatever form (a URL spells them all alike), nor is a name of a network of its own. What a name resolves to is not for a Worker to see; it reaches
 * no network but the public one.
 */
export function mayAsk(address: string, ours: readonly string[]): boolean {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:' || url.port || url.username || url.password || url.hash) return false
  return isPublicName(url.hostname) && ours.every((origin) => new URL(origin).hostname !== url.hostname)
}

/** With a dot, and a last label that begins with a letter and is not the beginning of a network without names. */
const isPublicName = (name: string) =>
  name.length <= 253 &&
  /\.[a-z][a-z\d-]*$/.test(name) &&
  !/(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|onion)$/.test(name)

export type ForeignAnswer = { status: number; contentType: string; text: string }

/**
 * What a foreign address answers; undefined where it does not within the time, says too much, or sends us elsewhere. We send it nothing but `init`: no
 * cookie, and no credentials. Whether it may be asked is for `mayAsk` to say.
 */
export async function askForeign(
  address: string,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  { timeoutMs, bytes }: { timeoutMs: number; bytes: number } = FOREIGN,
): Promise<ForeignAnswer | undefined> {
  try {
    const answer = await fetch(address, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
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
