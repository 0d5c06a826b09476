import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BOM, csvLine } from './csv'

/** What people, spreadsheets and attackers put into a cell. */
const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\uFEFF')),
  fc
    .array(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ',', ';', '"', "'", ' ', 'a', 'ü', '1'), { maxLength: 12 })
    .map((signs) => signs.join('')),
)

/** As docs/rules.md says it. */
const withApostrophe = (text: string) =>
  text.replaceAll(/[=+\-@\t\r]/g, (sign, at: number) => (at === 0 || /[;\t\r\n]"*$/.test(text.slice(0, at)) ? `'${sign}` : sign))

const read = (file: string): string[][] => parse(file, { bom: true, recordDelimiter: '\r\n', relaxColumnCount: true })

describe('a file of such lines', () => {
  it('comes back from another parser as the same rows, but for the apostrophe', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }))),
        (rows) => {
          const file = BOM + rows.map(csvLine).join('')
          expect(read(file)).toEqual(rows.map((row) => row.map(withApostrophe)))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('has nothing that begins a formula for a program that separates by semicolons, tabs or lines, whatever it makes of quotes', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (row) => {
        const cells = csvLine(['id', ...row]).split(/[;\t\r\n]/)
        for (const text of cells) expect(text).not.toMatch(/^"*[=+\-@]/)
      }),
      { numRuns: 1000 },
    )
  })
})

it.each([
  [['plain', 'a,b', 'say "hi"', 'two\nlines'], 'plain,"a,b","say ""hi""","two\nlines"\r\n'],
  [['=1+1', '+49 30', '-1', '@SUM(A1)', '\tx', '\rx'], "'=1+1,'+49 30,'-1,'@SUM(A1),'\tx,\"'\rx\"\r\n"],
  [['a=b', 'x;=1+1', 'x\n=1+1'], 'a=b,x;\'=1+1,"x\n\'=1+1"\r\n'],
  [['x;"=1+1;'], '"x;""\'=1+1;"\r\n'],
  [[null, true, 12, ['Planner', 'Triage'], ['=A', '=B']], ",true,12,Planner; Triage,'=A; =B\r\n"],
])('%j', (cells, line) => {
  expect(csvLine(cells)).toBe(line)
})
