/** Names long enough that a neighbour of theirs is rather a slip than a company. */
const BIG = ['gmail.com', 'googlemail.com', 'hotmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'protonmail.com']

/** Neighbours that are providers of their own. */
const REAL = new Set(['mail.com', 'ymail.com', 'email.com', 'fmail.com'])

/** Top-level domains that do not exist (IANA, root zone) for the ones that were meant. */
const ENDINGS: Record<string, string> = {
  con: 'com',
  cmo: 'com',
  ocm: 'com',
  comm: 'com',
  coom: 'com',
  cpm: 'com',
  vom: 'com',
  xom: 'com',
  nte: 'net',
  ogr: 'org',
}

/** The domain that was probably meant, if it is another one. Expects lower case. */
export function likelyDomain(domain: string): string | undefined {
  const ended = domain.replace(/[^.]+$/, (ending) => (Object.hasOwn(ENDINGS, ending) ? (ENDINGS[ending] ?? ending) : ending))
  const meant = BIG.includes(ended) || REAL.has(ended) ? ended : (BIG.find((big) => oneSlip(ended, big)) ?? ended)
  return meant === domain ? undefined : meant
}

/** Whether one character is missing, extra, wrong, or swapped with the next. */
function oneSlip(typed: string, right: string): boolean {
  const at = [...right].findIndex((character, i) => typed[i] !== character)
  if (at < 0) return typed.length === right.length + 1
  const [rest, end] = [typed.slice(at), right.slice(at)]
  const swapped = `${rest[1] ?? ''}${rest[0] ?? ''}${rest.slice(2)}`
  return rest.slice(1) === end || rest === end.slice(1) || rest.slice(1) === end.slice(1) || swapped === end
}
