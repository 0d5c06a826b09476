type Value = string | number | null

/** A statement with its values as literals, for a command that takes no parameters. An array becomes a list in parentheses. */
export const sql = (text: TemplateStringsArray, ...values: (Value | Value[] | Statement)[]): Statement =>
  new Statement(
    String.raw({ raw: text }, ...values.map(literal))
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )

/** What `sql` has made, so that it can stand in another statement. */
export class Statement {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString() {
    return this.text
  }
}

function literal(value: Value | Value[] | Statement): string {
  if (value instanceof Statement) return value.text
  if (Array.isArray(value)) return `(${value.map(literal).join(', ')})`
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : refuse(value)
  if (value === null) return 'NULL'
  return PLAIN.test(value) ? `'${value}'` : `CAST(X'${Buffer.from(value).toString('hex')}' AS TEXT)`
}

/** Anything else is written in hexadecimal, so that no quote, semicolon or line break meets whoever splits statements. */
const PLAIN = /^[\w@.+ -]*$/

function refuse(value: number): never {
  throw new Error(`${value} is no whole number.`)
}
