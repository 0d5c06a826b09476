import { describe, expect, it } from 'vitest'
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
  const list = readList(pasted, file)
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
  ])('with %s', (_, text) => expect(read(text)).toEqual([{ name: 'Zoe', email: 'zoe@corp.test' }]))

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
    ['what is no address', 'zoe@corp.test\nnobody\nsam@corp.test', [zoe, { email: 'nobody' }, sam]],
    ['a sign that opens and never closes', '5" tall, zoe@corp.test', [{ ...zoe, name: '5" tall' }]],
  ])('%s', (_, text, rows) => expect(read(text)).toEqual(rows))

  it('up to a thousand people, and beside a file', () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => `p${i}@corp.test`).join('\n')
    expect(read(thousand)).toHaveLength(1000)
    expect(readList(thousand, utf8('email\nzoe@corp.test'))).toEqual({
      reason: 'too_many',
      count: 1001,
      text: 'email\nzoe@corp.test',
    })
    expect(read(' \n')).toBe('empty')
  })

  it('in little time, whatever it is', () => {
    const began = performance.now()
    for (const sign of ['"', '<', ',', '@', ' ', 'a@b ', '"<', '\t']) read(sign.repeat(200_000 / sign.length))
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
