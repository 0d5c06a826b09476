/** What stands in a template: a value to bind, a piece of SQL, or a list of either for `IN`. */
type Part = string | number | null | SQL | readonly Part[]

/** A piece of SQL, with a question mark for each of its values. */
export class SQL {
  constructor(
    readonly text: string,
    readonly values: readonly (string | number | null)[],
  ) {}
}

/** Whatever is put in is bound, never read as SQL, unless it is SQL made here. */
export function sql(strings: TemplateStringsArray, ...parts: Part[]): SQL {
  const pieces = parts.map(pieceOf)
  const text = strings.reduce((before, after, i) => before + (pieces[i - 1]?.text ?? '') + after)
  return new SQL(
    text,
    pieces.flatMap(({ values }) => values),
  )
}

function pieceOf(part: Part): SQL {
  if (part instanceof SQL) return part
  return isList(part) ? sql`(${sql.join(part.map(pieceOf), sql`, `)})` : new SQL('?', [part])
}

const isList = (part: Part): part is readonly Part[] => Array.isArray(part)

/** Text that is SQL already: never of anything that came from outside. */
sql.raw = (text: string) => new SQL(text, [])

sql.identifier = (name: string) => sql.raw(`"${name.replaceAll('"', '""')}"`)

sql.join = (pieces: readonly SQL[], between: SQL) => {
  const text = pieces.map((piece) => piece.text).join(between.text)
  return new SQL(
    text,
    pieces.flatMap(({ values }, i) => (i === 0 ? values : [...between.values, ...values])),
  )
}
