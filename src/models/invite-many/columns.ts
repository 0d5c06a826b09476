import { NAME_CHARACTERS } from '../../limits'
import { COLUMNS, type Column } from './cells'

/** What the head of a column stands for; a name may come in two. */
export type Heading = Column | 'first' | 'last'

/** How else people and the exports of other programs name a column. */
const ALSO: Record<string, Heading> = {
  'e mail': 'email',
  mail: 'email',
  'email address': 'email',
  'e mail address': 'email',
  'email 1 value': 'email',
  'e mail 1 value': 'email',
  'user principal name': 'email',
  'full name': 'name',
  fullname: 'name',
  'display name': 'name',
  'first name': 'first',
  firstname: 'first',
  'given name': 'first',
  'last name': 'last',
  lastname: 'last',
  'family name': 'last',
  surname: 'last',
  section: 'sections',
  agent: 'agents',
  'end date': 'until',
  'last day': 'until',
}

/**
 * What a header says of each of its columns. Where none is called email, the first whose name has it in it is that, if no other column has
 * addresses: a sentence above a list is no header.
 */
export function headingsOf(header: string[], rows: string[][]): (Heading | undefined)[] {
  const headings = header.map(headingOf)
  if (headings.includes('email') || header.length < 2 || header.some((name) => name.includes('@'))) return headings
  const withAddresses = new Set(rows.flatMap((cells) => cells.flatMap((cell, i) => (cell.includes('@') ? [i] : []))))
  const like = header.findIndex((name, i) => headings[i] === undefined && ADDRESS.test(plain(name)))
  if ([...withAddresses].some((i) => i !== like)) return headings
  return like < 0 ? headings : headings.with(like, 'email')
}

/** In a few words of many languages, such as `E-Mail-Adresse`. */
const ADDRESS = /^(?!.*mailing)(?=.*mail)\S+( \S+){0,3}$/

function headingOf(name: string): Heading | undefined {
  const text = plain(name)
  return COLUMNS.find((column) => column === text) ?? (Object.hasOwn(ALSO, text) ? ALSO[text] : undefined)
}

/** Without what programs add, such as `[Required]`, and in words, where they write `displayName` or `display_name`. */
const plain = (name: string) =>
  name
    .slice(0, NAME_CHARACTERS)
    .replaceAll(/\[[^\]]*\]|\([^)]*\)|\*/g, '')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase()
