import * as v from 'valibot'

/** Nobody waits for a slow resolver: the page says that it did not answer. */
const TIMEOUT_MS = 1_500
const TXT = 16
const NO_SUCH_NAME = 3

const ANSWER = v.object({
  Status: v.number(),
  Answer: v.optional(v.array(v.object({ type: v.number(), data: v.string() })), []),
})

/**
 * The TXT records of a name, asked of a resolver that answers DNS over HTTPS in JSON
 * (https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json). Undefined when it could not tell.
 */
export async function txtRecords({ resolver, name }: { resolver: string; name: string }): Promise<string[] | undefined> {
  try {
    const response = await fetch(`${resolver}?${new URLSearchParams({ name, type: 'TXT' })}`, {
      headers: { Accept: 'application/dns-json' },
      // Nobody is asked but whoever is configured.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const { Status, Answer } = v.parse(ANSWER, await response.json())
    if (Status !== 0 && Status !== NO_SUCH_NAME) return undefined
    return Answer.filter(({ type }) => type === TXT).map(({ data }) => textOf(data))
  } catch {
    return undefined
  }
}

/** A record of more than 255 bytes comes as several quoted strings that belong together. */
function textOf(data: string): string {
  const strings = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'))
  return strings.length ? strings.join('') : data
}
