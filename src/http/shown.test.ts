import { describe, expect, it } from 'vitest'
import { mergeShown, shownOf } from './shown'

const OPENED = { name: 'Acme', hours: '72', url: '' }
const FORM = { version: 7, shown: shownOf(OPENED) }
const merge = (theirs: Partial<typeof OPENED>, mine: Partial<typeof OPENED>, form: Parameters<typeof mergeShown>[0] = FORM) =>
  mergeShown(form, { version: 8, fields: { ...OPENED, ...theirs } }, { ...OPENED, ...mine })

describe('of a form that was opened before somebody else saved', () => {
  it('only what the person changed is written', () => {
    expect(merge({ hours: '24' }, { url: '/traces' })).toEqual({ changed: { url: '/traces' }, theirs: {} })
  })

  it('a field that both changed is told with what it is now', () => {
    expect(merge({ hours: '24' }, { hours: '48', url: '/traces' })).toEqual({
      changed: { hours: '48', url: '/traces' },
      theirs: { hours: '24' },
    })
  })

  it('a field that both changed to the same is no trouble', () => {
    expect(merge({ hours: '24' }, { hours: '24' }).theirs).toEqual({})
  })

  it('a field that the page did not show is judged by the version', () => {
    const half = { version: 7, shown: shownOf({ name: 'Acme' }) }
    expect(merge({}, { url: '/traces' }, half).theirs).toEqual({ url: '' })
    expect(merge({}, { url: '/traces' }, { ...half, version: 8 }).theirs).toEqual({})
  })

  it('nothing is expected of a script that names neither', () => {
    expect(merge({ hours: '24' }, {}, {})).toEqual({ changed: OPENED, theirs: {} })
  })
})

it('what a form shows fits a hidden field, however long it is', () => {
  expect(shownOf({ url: `https://${'x'.repeat(2000)}` }).length).toBeLessThan(20)
})
