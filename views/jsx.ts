import { raw } from 'hono/html'
import { type JSX, jsxAttr } from 'hono/jsx/jsx-runtime'
import { escapeToBuffer } from 'hono/utils/html'

type Props = Record<string, unknown> & { children?: unknown }
type Component = (props: Props) => JSX.Element

/**
 * What the compiler makes of a tag: its HTML at once, where hono's own runtime first makes a tree of nodes, at twice the cost of a page. Types,
 * escaping and the rules of attributes are hono's. @throws TypeError for a child that is neither text nor HTML, as that of an async component
 */
export function jsx(tag: string | Component, props: Props): JSX.Element {
  if (typeof tag === 'function') return tag(props)
  const html: Html = [`<${tag}`]
  for (const name in props) if (name !== 'children') addAttribute(html, name, props[name])
  if (VOID.has(tag)) return raw(`${html[0]}/>`)
  html[0] += '>'
  addChild(html, props.children)
  return raw(`${html[0]}</${tag}>`)
}

export function Fragment({ children }: Props): JSX.Element {
  const html: Html = ['']
  addChild(html, children)
  return raw(html[0])
}

/** As `escapeToBuffer` writes into. */
type Html = [string]

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'])

function addAttribute(html: Html, name: string, value: unknown) {
  if (value === undefined || value === null) return
  const text = `${jsxAttr(name, value as string)}`
  if (text) html[0] += ` ${text}`
}

function addChild(html: Html, child: unknown) {
  if (typeof child === 'string') escapeToBuffer(child, html)
  else if (Array.isArray(child)) for (const each of child) addChild(html, each)
  else if (typeof child === 'number' || isHtml(child)) html[0] += child
  else if (child !== undefined && child !== null && typeof child !== 'boolean') throw new TypeError('No text, and no HTML.')
}

const isHtml = (child: unknown) => child instanceof String && 'isEscaped' in child

export type { JSX }
export { jsx as jsxDEV, jsx as jsxs }
