import { raw } from 'hono/html'
import { Fragment as HonoFragment, jsx as hono } from 'hono/jsx/jsx-runtime'
import { describe, expect, it } from 'vitest'
import { Badge } from '../views/components/badge'
import { Fragment, jsx } from '../views/jsx'

const TAGS: [string, string, Record<string, unknown>][] = [
  ['text', 'p', { children: '<b> & "quotes" \'too\'' }],
  ['children of every kind', 'p', { children: ['a', 1, 0, true, false, null, undefined, '', ['b', ['<']], raw('<i>c</i>')] }],
  ['no children', 'p', {}],
  ['a void tag', 'input', { name: 'a"b<c>', value: '' }],
  ['switches', 'button', { disabled: true, hidden: false, 'aria-pressed': false, popover: 'auto' }],
  ['what is not there', 'a', { href: undefined, title: null, tabindex: -1 }],
  ['a name that is none', 'a', { 'x" onclick="y': 'z', href: '/' }],
  ['htmx', 'div', { 'hx-target:inherited': '#users', 'data-to': '' }],
  ['an icon', 'svg', { class: 'icon', 'aria-hidden': 'true', viewBox: '0 0 1 1' }],
]

describe('JSX', () => {
  it.each(TAGS)('writes what hono writes: %s', (_, tag, props) => {
    expect(`${jsx(tag, props)}`).toBe(`${hono(tag, props)}`)
  })

  it('hands a component its props, and writes what it answers', () => {
    const Bold = ({ children, id }: Record<string, unknown>) => jsx('b', { id, children })
    expect(`${jsx(Bold, { id: 'x', children: ['<', jsx('i', { children: '&' })] })}`).toBe('<b id="x">&lt;<i>&amp;</i></b>')
  })

  it('writes a fragment without a tag', () => {
    const children = ['<', null, [jsx('br', {}), 2]]
    expect(`${jsx(Fragment, { children })}`).toBe('&lt;<br/>2')
    expect(`${hono(HonoFragment, { children: ['<', null, 2] })}`).toBe(`${jsx(Fragment, { children: ['<', null, 2] })}`)
  })

  it('is what the views are compiled to', () => {
    expect(Badge({ tone: 'quiet', children: 'Quiet' })).toBeInstanceOf(String)
  })

  it('says so when it can write neither text nor HTML', () => {
    expect(() => jsx('p', { children: Promise.resolve('late') })).toThrow(TypeError)
    expect(() => jsx('p', { children: {} })).toThrow(TypeError)
  })
})
