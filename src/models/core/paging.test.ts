import { expect, it } from 'vitest'
import { pageOf } from './paging'

const paged = (rows: string[], at?: Parameters<typeof pageOf>[3]) => pageOf(rows, 2, (row: string) => row, at)

it('a row more than the page tells of the next one', () => {
  expect(paged(['a', 'b', 'c'])).toEqual({
    page: ['a', 'b'],
    paging: { from: 1, until: 2, previous: undefined, next: { cursor: 'b', row: '3' } },
  })
})

it('a later page leads both ways, to the first one as the first', () => {
  expect(paged(['c', 'd', 'e'], { cursor: 'b', row: 3 }).paging).toEqual({
    from: 3,
    until: 4,
    previous: {},
    next: { cursor: 'd', row: '5' },
  })
  expect(paged(['e'], { cursor: 'd', row: 5 }).paging).toMatchObject({
    until: 5,
    previous: { before: 'e', row: '3' },
    next: undefined,
  })
})

it('a page that is read backwards is shown forwards', () => {
  expect(paged(['d', 'c', 'b'], { cursor: '', before: 'e', row: 3 })).toMatchObject({
    page: ['c', 'd'],
    paging: { previous: {}, next: { cursor: 'd' } },
  })
})

it('what turns out to be the first page is numbered from one', () => {
  expect(paged(['b', 'a'], { cursor: '', before: 'c', row: 7 }).paging).toMatchObject({ from: 1, until: 2, previous: undefined })
})

it('a page of which nobody said the number has none, and one that has emptied leads to the first', () => {
  expect(paged(['c'], { cursor: 'b' }).paging).toEqual({
    from: undefined,
    until: undefined,
    previous: { before: 'c' },
    next: undefined,
  })
  expect(paged([], { cursor: 'b', row: 3 }).paging).toMatchObject({ previous: {}, next: undefined })
})
