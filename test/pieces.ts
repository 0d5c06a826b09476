import { expect } from 'vitest'
import { personKey } from '../src/models/core/search-key'
import { all } from './database'

/** Every key is what the Worker makes of name and address, and the index holds every piece of every key and of every domain, and no other. */
export async function expectInStep() {
  type Row = { tenant: string; address: string; email: string; name: string | null; key: string; form: number }
  const rows = await all<Row>(
    `SELECT m.tenant_id AS tenant, m.email_key AS address, m.email, coalesce(u.name, m.invited_name) AS name, m.search_key AS key, m.search_form AS form
      FROM members m LEFT JOIN users u ON u.id = m.user_id`,
  )
  for (const row of rows) expect(row, row.email).toMatchObject({ key: personKey(row), form: 1 })
  const domains = rows.flatMap(({ tenant, key }) => domainsIn(key).map((domain) => ({ tenant, domain })))
  expect(await stored('search_pieces', 'piece', 'email_key')).toEqual(
    unique(rows.flatMap(({ tenant, key, address }) => piecesIn(key).map((piece) => [tenant, piece, address]))),
  )
  expect(await stored('member_domains', 'domain', 'email_key')).toEqual(
    unique(rows.flatMap(({ tenant, key, address }) => domainsIn(key).map((domain) => [tenant, domain, address]))),
  )
  expect(await stored('domain_pieces', 'piece', 'domain')).toEqual(
    unique(domains.flatMap(({ tenant, domain }) => piecesOfDomain(domain).map((piece) => [tenant, piece, domain]))),
  )
}

const stored = async (table: string, ...columns: [string, string]) =>
  unique(
    (await all<Record<string, string>>(`SELECT * FROM ${table}`)).map((row) =>
      ['tenant_id', ...columns].map((name) => row[name] ?? ''),
    ),
  )

const unique = (rows: string[][]) => [...new Set(rows.map((row) => row.join('|')))].toSorted()

const wordsIn = (key: string) => key.split(' ').filter(Boolean)
const domainsIn = (key: string) => wordsIn(key).flatMap((word) => (word.includes('@') ? [word.slice(word.indexOf('@'))] : []))
const from = (word: string, start: number) => [...word].slice(start, start + 16).join('')
const isLookedFor = (piece: string) => [...piece].length > 1 && new TextEncoder().encode(piece).length > 2

function piecesIn(key: string) {
  const [address = '', ...others] = wordsIn(key)
  const isKnown = (piece: string) => [...` ${localOf(address)}`].some((_, i) => ` ${address}`.slice(i).startsWith(piece))
  return [...piecesOfWord(address), ...others.flatMap(piecesOfWord).filter((piece) => !isKnown(piece))]
}

const localOf = (word: string) => (word.includes('@') ? word.slice(0, word.indexOf('@')) : word)

const piecesOfWord = (word: string) => [
  from(` ${word}`, 0),
  ...[...localOf(word)]
    .slice(1)
    .map((_, i) => from(word, i + 1))
    .filter(isLookedFor),
]

const piecesOfDomain = (domain: string) => {
  const pieces = [...domain].map((_, i) => from(domain, i))
  return pieces.filter((piece, i) => i === 0 || isLookedFor(piece))
}
