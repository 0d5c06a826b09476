import { describe, expect, it } from 'vitest'
import { decoded } from './decoded'
import { readList } from './list'
import { namesOf, readRow } from './row'

const TEXT = 'email;name\r\nzoé@corp.test;Zoé Pärk\r\nsam@corp.test;"Sam\r\nOrtiz"\r\n'
const ROWS = [
  { email: 'zoé@corp.test', name: 'Zoé Pärk' },
  { email: 'sam@corp.test', name: 'Sam\r\nOrtiz' },
]

const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16 = (text: string, little: boolean) => {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), little)
  return new Uint8Array(view.buffer)
}
const windows1252 = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0))

const read = (pasted: string, file?: Uint8Array) => {
  const filed = file ? decoded(file) : ''
  if (filed === undefined) return 'not_text'
  const list = readList([pasted, filed])
  return 'rows' in list ? list.rows : list.reason
}

describe('a file is read as it was saved:', () => {
  it.each([
    ['UTF-8', utf8(TEXT)],
    ['UTF-8 with its mark', utf8(`\ufeff${TEXT}`)],
    ['UTF-16, little endian, with its mark', utf16(`\ufeff${TEXT}`, true)],
    ['UTF-16, big endian, with its mark', utf16(`\ufeff${TEXT}`, false)],
    ['UTF-16, little endian', utf16(TEXT, true)],
    ['UTF-16, big endian', utf16(TEXT, false)],
    ['Windows-1252', windows1252(TEXT)],
  ])('%s', (_, bytes) => expect(read('', bytes)).toEqual(ROWS))

  it('and what is no text is refused', () => {
    expect(read('', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0, 1, 2, 3]))).toBe('not_text')
  })
})

describe('a CSV file has its columns by their names', () => {
  it.each([
    ['commas', 'Name,EMAIL\nZoe,zoe@corp.test'],
    ['semicolons', 'name;E-Mail\nZoe;zoe@corp.test'],
    ['tabs', ' Name \t Email address \nZoe\tzoe@corp.test'],
    ['bars', 'name|mail\nZoe|zoe@corp.test'],
    ['quotes', '"name","email"\n"Zoe","zoe@corp.test"'],
    ["Excel's hint", 'sep=;\r\nname;email\r\nZoe;zoe@corp.test'],
    ['empty lines and columns of others', '\n\nname,Department,email\n\nZoe,Sales,zoe@corp.test\n , ,\n'],
    ['what an export adds to them', 'Full Name [Required],Email Address [Required]\nZoe,zoe@corp.test'],
    ['the words of another program', 'First Name,E-mail 1 - Label,E-mail 1 - Value\nZoe,Work,zoe@corp.test'],
    ['no space between their words', 'userPrincipalName,displayName\nzoe@corp.test,Zoe'],
    ['words of another language for the address', 'Name;E-Mail-Adresse\nZoe;zoe@corp.test'],
  ])('with %s', (_, text) => expect(read(text)).toEqual([{ name: 'Zoe', email: 'zoe@corp.test' }]))

  it.each([
    ['a name in two columns', 'Last Name,First Name,Email\nPark,Zoe,zoe@corp.test', [{ name: 'Zoe Park', email: 'zoe@corp.test' }]],
    [
      'one column, whose lines are read as if they were pasted',
      'Email\nZoe <zoe@corp.test>, sam@corp.test',
      [{ email: 'Zoe <zoe@corp.test>' }, { email: 'sam@corp.test' }],
    ],
  ])('with %s', (_, text, rows) => expect(read(text)).toEqual(rows))

  it('and what is not read is named', () => {
    expect(readList(['email,Department,name\nzoe@corp.test,Sales,Zoe,Park\nsam@corp.test,Sales,Sam'])).toMatchObject({
      ignored: ['Department', 'Park'],
    })
    expect(readList(['Zoe Park\tzoe@corp.test\tAdmin\nSam Ortiz\tsam@corp.test\tAdmin'])).toEqual({
      rows: [
        { email: 'zoe@corp.test', name: 'Zoe Park' },
        { email: 'sam@corp.test', name: 'Sam Ortiz' },
      ],
      ignored: ['Admin'],
    })
  })

  it.each([
    ['at the end', 'email,name\nkim@corp.test,Kim\nzoe@corp.test,"Zoe\nsam@corp.test,Sam', 3],
    ['with another one', 'email,name\nzoe@corp.test,"Zoe\nsam@corp.test,"Sam"\nkim@corp.test,Kim', 2],
  ])('and people whom a quotation mark would swallow are not lost: %s', (_, text, line) => {
    expect(readList([text])).toEqual({ reason: 'open_quote', count: line, part: 0 })
  })

  it.each(['2030-01-31', '2030-1-31', '2030/01/31', '31.1.2030', '31.01.2030'])('and %s is a day', (until) => {
    const { own } = readRow({ email: 'zoe@corp.test', until }, { agents: namesOf([]), presets: namesOf([]) })
    expect(own).toEqual({ endsAt: Date.parse('2030-02-01') })
  })

  it('and a day that two countries read in two ways is none', () => {
    const { problem } = readRow({ email: 'zoe@corp.test', until: '1/2/2030' }, { agents: namesOf([]), presets: namesOf([]) })
    expect(problem).toEqual({ reason: 'no_day', detail: '1/2/2030' })
  })

  it('and all of them are understood', () => {
    const [cells = {}] = read(
      'email,role,sections,agents,until,note\nzoe@corp.test,Tenant Admin,"Logs, mcp debug",support triage,2030-01-31,Hi',
    ) as object[]
    expect(readRow(cells, { agents: namesOf([{ id: 'a1', name: 'Support Triage' }]), presets: namesOf([]) })).toMatchObject({
      own: {
        role: 'admin',
        sections: ['logs', 'mcp-debug'],
        mode: 'list',
        agents: ['a1'],
        endsAt: Date.parse('2030-02-01'),
        note: 'Hi',
      },
      problem: undefined,
    })
  })
})

describe('a list is read as it was pasted:', () => {
  const [zoe, sam] = [{ email: 'zoe@corp.test' }, { email: 'sam@corp.test' }]
  it.each([
    ['lines', 'zoe@corp.test\r\n\r\nsam@corp.test', [zoe, sam]],
    ['commas', 'zoe@corp.test, sam@corp.test', [zoe, sam]],
    ['semicolons', 'zoe@corp.test;sam@corp.test;', [zoe, sam]],
    ['spaces', 'zoe@corp.test  sam@corp.test', [zoe, sam]],
    [
      'a mail program',
      'Zoe Park <zoe@corp.test>, "Ortiz, Sam" <sam@corp.test>',
      [{ email: 'Zoe Park <zoe@corp.test>' }, { email: '"Ortiz, Sam" <sam@corp.test>' }],
    ],
    [
      'another mail program',
      'Park, Zoe <zoe@corp.test>; Ortiz, Sam <sam@corp.test>',
      [{ email: 'Park, Zoe <zoe@corp.test>' }, { email: 'Ortiz, Sam <sam@corp.test>' }],
    ],
    [
      'a spreadsheet',
      'Zoe\tPark\tzoe@corp.test\nSam\tOrtiz\tsam@corp.test',
      [
        { ...zoe, name: 'Zoe Park' },
        { ...sam, name: 'Sam Ortiz' },
      ],
    ],
    [
      'an address instead of a name',
      'zoe@corp.test <zoe@corp.test>; sam@corp.test',
      [{ email: 'zoe@corp.test <zoe@corp.test>' }, sam],
    ],
    [
      'nothing between two people',
      'Zoe Park <zoe@corp.test> Sam Ortiz <sam@corp.test>',
      [{ email: 'Zoe Park <zoe@corp.test>' }, { email: 'Sam Ortiz <sam@corp.test>' }],
    ],
    ['words and bars', 'zoe@corp.test and sam@corp.test | zoe@corp.test / sam@corp.test', [zoe, sam, zoe, sam]],
    ['the head of an email', 'To: Zoe <zoe@corp.test>\nCc: sam@corp.test', [{ email: 'Zoe <zoe@corp.test>' }, sam]],
    ['bullets and numbers', '- zoe@corp.test\n\u2022 sam@corp.test\n1. zoe@corp.test\n 2) sam@corp.test', [zoe, sam, zoe, sam]],
    [
      'a sentence before it',
      'Hi, please mail them\nZoe <zoe@corp.test>, sam@corp.test',
      [{ email: 'Hi, please mail them' }, { email: 'Zoe <zoe@corp.test>' }, sam],
    ],
    ['numbered rows', '1\tZoe Park\tzoe@corp.test', [{ ...zoe, name: 'Zoe Park' }]],
    ['names after addresses', 'zoe@corp.test, Zoe, Park', [{ ...zoe, name: 'Zoe Park' }]],
    ['what is no address', 'zoe@corp.test\nnobody\nsam@corp.test', [zoe, { email: 'nobody' }, sam]],
    ['a sign that opens and never closes', '5" tall, zoe@corp.test', [{ ...zoe, name: '5" tall' }]],
  ])('%s', (_, text, rows) => expect(read(text)).toEqual(rows))

  it('up to a thousand people, and beside a file', () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => `p${i}@corp.test`).join('\n')
    expect(read(thousand)).toHaveLength(1000)
    expect(readList([thousand, 'email\nzoe@corp.test'])).toEqual({
      reason: 'too_many',
      count: 1001,
      part: 1,
    })
    expect(read(' \n')).toBe('empty')
  })

  it('in little time, whatever it is', () => {
    const began = performance.now()
    for (const sign of ['"', '[', '<', ',', '@', ' ', 'a@b ', '"<', '\t']) read(sign.repeat(200_000 / sign.length))
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
