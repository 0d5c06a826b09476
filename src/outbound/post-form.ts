/** The status that was answered, with what `Retry-After` said; or why there is none. */
export type Answered = { status: number; retryAfter: string | null } | 'timeout' | 'unreachable'

type Fetcher = typeof fetch

/** Posts a form and follows no redirect. Nothing of the answer but its status is read. */
export async function postForm(
  url: string,
  form: Record<string, string>,
  { timeoutMs, fetcher = fetch }: { timeoutMs: number; fetcher?: Fetcher | undefined },
): Promise<Answered> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await fetcher(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', signal })
    await answer.body?.cancel().catch(() => undefined)
    return { status: answer.status, retryAfter: answer.headers.get('Retry-After') }
  } catch {
    return signal.aborted ? 'timeout' : 'unreachable'
  }
}
