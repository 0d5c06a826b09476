import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { empty, schema } from './testing/migrated.ts'

const files = readdirSync('migrations').filter((name) => name.endsWith('.sql'))
const all = files.map((name) => readFileSync(`migrations/${name}`, 'utf8')).join('\n')
const landed: Record<string, string> = JSON.parse(readFileSync('bin/migrations.json', 'utf8'))

/** Of a file as git keeps it. */
const checksumOf = (name: string) =>
  createHash('sha256')
    .update(readFileSync(`migrations/${name}`))
    .digest('hex')

/** Of tables that were built under another name. */
const renamed = new Map([...all.matchAll(/\bALTER TABLE (\w+) RENAME TO (\w+)/gi)].map(([, from = '', to = '']) => [from, to]))

/** Of what stands in a file or before it: a table that came later referred to nothing then. */
const upTo = (file: string) =>
  files
    .filter((name) => name <= file)
    .map((name) => readFileSync(`migrations/${name}`, 'utf8'))
    .join('\n')

const referringTo = (table: string, file: string) =>
  [...upTo(file).matchAll(/\bCREATE TABLE (\w+) \(([^;]*);/gi)]
    .filter(([, , columns = '']) => new RegExp(`\\bREFERENCES ${table}\\b`, 'i').test(columns))
    .map(([, name = '']) => renamed.get(name) ?? name)

describe.each(files)('migrations/%s', (name) => {
  const text = readFileSync(`migrations/${name}`, 'utf8')
  const lines = text.split('\n')
  const comments = lines.flatMap((line) => line.match(/--.*$/) ?? [])

  it('is what has landed, or has a line of its own in bin/migrations.json', () => {
    expect({ [name]: landed[name] }).toEqual({ [name]: checksumOf(name) })
  })

  // D1 splits a file on its server by rules of its own, unlike locally.
  it('has no quote, semicolon or backtick in a comment', () => {
    expect(comments.filter((comment) => /['"`;]/.test(comment))).toEqual([])
  })

  it('writes a trigger on one line', () => {
    expect(lines.filter((line) => /CREATE TRIGGER/i.test(line) && !/^CREATE TRIGGER .* END;$/.test(line))).toEqual([])
    expect(lines.filter((line) => /\bBEGIN\b/.test(line) && !line.startsWith('CREATE TRIGGER'))).toEqual([])
  })

  it('ends its lines with LF alone', () => {
    expect(text).not.toContain('\r')
    expect(text.endsWith('\n')).toBe(true)
  })

  it('empties no table that others refer to, unless they have gone before', () => {
    const dropped = [...text.matchAll(/\bDROP TABLE (\w+)/gi)].map(([, table = '']) => table)
    const gone = (i: number) => dropped.slice(0, i)
    expect(dropped.filter((table, i) => !referringTo(table, name).every((other) => gone(i).includes(other)))).toEqual([])
    expect(text).not.toMatch(/\bDROP TABLE IF\b/i)
  })

  it('checks no vocabulary, which SQLite could not widen', () => {
    expect(text.match(/CHECK \(\w+ IN \('[^)]*\)\)/g) ?? []).toEqual([])
  })
})

it('the statements that tests begin with make what the migrations make of an empty database, which stays empty', () => {
  const [migrated, made] = [empty(), new DatabaseSync(':memory:')]
  for (const statement of schema()) made.exec(statement)
  const objects = 'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name'

  expect(made.prepare(objects).all()).toEqual(migrated.prepare(objects).all())
  for (const { name } of migrated.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all())
    expect(migrated.prepare(`SELECT * FROM "${name}"`).all(), `${name}`).toEqual([])
})

it('bin/migrations.json names the migrations and no other file', () => {
  expect(Object.keys(landed).toSorted()).toEqual(files.toSorted())
})
