import type { HTMLElement } from 'linkedom/worker'

type Name = string | RegExp

/** What a screen reader calls an element, as far as pages go that name theirs with `aria-label`, a label, text or a title. */
export const nameOf = (element: HTMLElement): string =>
  spaced(element.getAttribute('aria-label') ?? textsOf(element, 'aria-labelledby')) ||
  labelsOf(element).map(shownText).join(' ') ||
  shownText(element) ||
  spaced(element.getAttribute('title') ?? '')

export const descriptionOf = (element: HTMLElement) => textsOf(element, 'aria-describedby')

/** The sidebar, the choices of a filter and what can be done with the list are popovers that a wide window always shows. */
const CLOSED = '[popover]:not(.sidebar, .choices, #evidence), dialog'
const SILENT = `${CLOSED}, [hidden], [aria-hidden=true], svg, script, style, input, select, textarea, .reveal, .dismiss`

/** What an element says, without its icons, what stands in its fields, and the menus and dialogs in it. */
export function shownText(element: HTMLElement) {
  const copy: HTMLElement = element.cloneNode(true)
  for (const silent of listed(copy, SILENT)) silent.remove()
  return spaced(copy.textContent)
}

/** Without a script, what only a script brings to life stays away. */
export const isShown = (element: HTMLElement, opened: ReadonlySet<string>): boolean =>
  !element.closest('[hidden], .reveal, .dismiss') &&
  ancestorsOf(element)
    .filter((each) => each.matches(CLOSED))
    .every(({ id }) => opened.has(id))

/** The one element of this name: exactly it, or else beginning with it. */
export function theOne(kind: string, elements: HTMLElement[], name: Name): HTMLElement {
  const [first, ...more] = named(elements, name)
  if (first && more.length === 0) return first
  const found = first ? `${more.length + 1} of them` : `only: ${elements.map((each) => `“${nameOf(each)}”`).join(', ')}`
  throw new Error(`no single ${kind} is called “${name}”, but ${found}`)
}

export function named(elements: HTMLElement[], name: Name) {
  if (name instanceof RegExp) return elements.filter((each) => name.test(nameOf(each)))
  const exactly = elements.filter((each) => nameOf(each) === name)
  return exactly.length > 0 ? exactly : elements.filter((each) => nameOf(each).startsWith(name))
}

export const listed = (within: HTMLElement, selector: string): HTMLElement[] => [...within.querySelectorAll(selector)]

const spaced = (text: string) => text.replaceAll(/\s+/g, ' ').trim()

const documentOf = ({ ownerDocument }: HTMLElement): HTMLElement => ownerDocument.documentElement

function textsOf(element: HTMLElement, attribute: string) {
  const ids: string[] = element.getAttribute(attribute)?.split(' ') ?? []
  return ids.map((id) => listed(documentOf(element), `[id="${id}"]`).map(shownText)).join(' ')
}

function labelsOf(element: HTMLElement) {
  const around: HTMLElement | null = element.closest('label')
  const labels = element.id ? listed(documentOf(element), `label[for="${element.id}"]`) : []
  return around && element.matches('input, select, textarea') ? [...labels, around] : labels
}

function ancestorsOf(element: HTMLElement): HTMLElement[] {
  const parent: HTMLElement | null = element.parentElement
  return parent ? [element, ...ancestorsOf(parent)] : [element]
}
