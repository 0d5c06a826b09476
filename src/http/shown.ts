import { createHash } from 'node:crypto'
import * as v from 'valibot'

/** What a form says of the page that it came from: which version that showed, and what in each field. Missing (a script) means: no expectation. */
export const SHOWN = {
  version: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number))),
  shown: v.exactOptional(v.string()),
}

export type Shown = { version?: number | undefined; shown?: string | undefined }
type Fields = Record<string, string>

/** For the hidden field `shown`: a fingerprint of what each field shows, so that long values do not travel twice. */
export const shownOf = (fields: Fields) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}:${fingerprint(value)}`)
    .join(' ')

/** 48 bits, against accidents: whoever fills in a form has no reason to fool themself. */
const fingerprint = (value: string) => createHash('sha256').update(value).digest('base64url').slice(0, 8)

/** Undefined where the page says nothing of the field. A box that is not ticked is sent empty, and was shown as off. */
export function isAsShown(shown: string | undefined, [name, value]: [string, string]) {
  const print = readShown(shown).get(name)
  if (print === undefined) return undefined
  return print === fingerprint(value) || (value === '' && print === fingerprint('off'))
}

/**
 * Of what was sent: `changed`, what the person changed, which alone is to be written; and `theirs`, of those fields that somebody else has changed
 * since to something else what they are now. A field that the page did not show counts as changed, and as theirs when the version is another.
 * `current` is what there is by now, by the names of the form's fields.
 */
export function mergeShown<F extends Fields>({ version, shown }: Shown, current: { version: number; fields: F }, sent: Partial<F>) {
  const before = readShown(shown)
  const changed: Partial<F> = {}
  const theirs: Partial<F> = {}
  for (const name in sent) {
    const value = sent[name]
    const now = current.fields[name]
    const print = before.get(name)
    if (value === undefined || print === fingerprint(value)) continue
    changed[name] = value
    const isTheirs = print === undefined ? (version ?? current.version) !== current.version : print !== fingerprint(now ?? '')
    if (isTheirs && value !== now) theirs[name] = now
  }
  return { changed, theirs }
}

const readShown = (shown = '') => new Map(shown.split(' ').map((entry) => pairOf(entry.split(':'))))
const pairOf = ([name = '', print = '']: string[]): [string, string] => [name, print]
