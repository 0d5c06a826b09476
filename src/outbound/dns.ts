import * as v from 'valibot'
import { ask } from './ask'

/** Nobody waits for a slow resolver: the page says that it did not answer. */
const TIMEOUT_MS = 1_500
const TXT = 16
const NO_SUCH_NAME = 3

const ANSWER = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Status: v.number(),
    Answer: v.optional(v.array(v.object({ type: v.number(), data: v.string() })), []),
  }),
)

/**
 * The TXT records of a name, asked of a resolver that answers DNS over HTTPS in JSON
 * (https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json). Undefined when it could not tell.
 */
export async function txtRecords({ resolver, name }: { resolver: string; name: string }): Promise<string[] | undefined> {
  const question = new URLSearchParams({ name, type: 'TXT' })
  const text = await ask(`${resolver}?${question}`, { headers: { Accept: 'application/dns-json' }, timeoutMs: TIMEOUT_MS })
  const answer = v.safeParse(ANSWER, text)
  if (!answer.success) return undefined
  const { Status, Answer } = answer.output
  if (Status !== 0 && Status !== NO_SUCH_NAME) return undefined
  return Answer.filter(({ type }) => type === TXT).map(({ data }) => textOf(data))
}

/** A record of more than 255 bytes comes as several quoted strings that belong together. */
function textOf(data: string): string {
  const strings = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'))
  return strings.length ? strings.join('') : data
}
