import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const FOLDER = 'docs/decisions'
const files = readdirSync(FOLDER).filter((file) => file !== 'README.md')
const records = files.map((file) => ({ file, ...read(file) }))

function read(file: string) {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8')
  const [, number = '', title = ''] = /^# (\d{4})\. (.+)$/m.exec(text) ?? []
  const [, date = ''] = /^Date: (\d{4}-\d{2}-\d{2})$/m.exec(text) ?? []
  const sections = [...text.matchAll(/^## (.+)\n\n((?:(?!## ).+\n?|\n)*)/gm)].map(([, heading = '', body = '']) => [
    heading,
    body.trim(),
  ])
  return { number, title, date, sections, status: Object.fromEntries(sections).Status ?? '' }
}

it('the index lists every record by its number, title, date and status, in order, and no other', () => {
  const listed = readFileSync(`${FOLDER}/README.md`, 'utf8').match(/^\| \[.*$/gm)
  expect(listed).toEqual(
    records.map(({ file, number, title, date, status }) => `| [${number}](${file}) | ${title} | ${date} | ${status} |`),
  )
})

it('the records are numbered from 0001 on, without a gap', () => {
  expect(records.map(({ number }) => Number(number))).toEqual(records.map((_, i) => i + 1))
})

describe.each(records)('$file', ({ file, number, title, date, sections, status }) => {
  it('is named for its number and title, and has a date', () => {
    const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    expect(file).toBe(`${number}-${slug.replace(/^-|-$/g, '')}.md`)
    expect(new Date(date).toISOString()).toContain(date)
  })

  it('has its four headings, and something under each', () => {
    expect(sections.map(([heading]) => heading)).toEqual(['Status', 'Context', 'Decision', 'Consequences'])
    expect(sections.filter(([, body]) => !body)).toEqual([])
  })

  it('is accepted, or superseded by a later record that is there', () => {
    const [, by, target] = /^superseded by \[(\d{4})\]\((.+)\)$/.exec(status) ?? []
    if (!by) return expect(status).toBe('accepted')
    expect(files).toContain(target)
    expect(target).toMatch(new RegExp(`^${by}-`))
    expect(Number(by)).toBeGreaterThan(Number(number))
  })
})
