import type { HTMLElement } from 'linkedom/worker'
import { listed, nameOf } from './accessible'

export type Submission = { method: 'GET' | 'POST'; target: string; fields?: URLSearchParams }

/**
 * What a form sends when `button` sends it, or Enter in a form that has none: HTML, *constructing the entry list*.
 * @throws Error where a browser would ask for a field instead
 */
export function submission(form: HTMLElement, button: HTMLElement | undefined): Submission {
  const said = (attribute: string): string => button?.getAttribute(`form${attribute}`) ?? form.getAttribute(attribute) ?? ''
  const controls = controlsOf(form)
  if (!form.hasAttribute('novalidate') && !button?.hasAttribute('formnovalidate')) refuseIncomplete(controls)
  return {
    method: said('method').toLowerCase() === 'post' ? 'POST' : 'GET',
    target: said('action'),
    fields: new URLSearchParams(controls.flatMap((control) => entries(control, button))),
  }
}

const controlsOf = (form: HTMLElement) =>
  [...listed(form, CONTROLS), ...listed(form.ownerDocument.documentElement, `[form="${form.id || '-'}"]`)].filter(
    (control) => !control.closest('[disabled], datalist'),
  )

const CONTROLS = 'input, select, textarea, button'

/** The default button, which Enter in a field presses. */
export const defaultButton = (form: HTMLElement) =>
  controlsOf(form).find((control) => control.matches('button:not([type=button], [type=reset]), input[type=submit]'))

function refuseIncomplete(controls: HTMLElement[]) {
  const empty = controls.find((control) => control.hasAttribute('required') && entries(control).every(([, value]) => !value))
  if (empty) throw new Error(`a browser asks for “${nameOf(empty)}” first`)
}

function entries(control: HTMLElement, button?: HTMLElement): [string, string][] {
  const name: string = control.getAttribute('name') ?? ''
  if (!name || (control.matches('button, [type=submit]') && control !== button)) return []
  if (control.matches('[type=checkbox], [type=radio]') && !control.hasAttribute('checked')) return []
  return valuesOf(control).map((value) => [name, value])
}

function valuesOf(control: HTMLElement): string[] {
  if (control.matches('select')) return chosen(control).map((option) => option.getAttribute('value') ?? option.textContent)
  // A textarea may hold lines, which travel with CRLF, and drops the first that its markup begins with.
  if (control.matches('textarea')) return [control.textContent.replace(/^\r?\n/, '').replaceAll(/\r?\n/g, '\r\n')]
  return [control.getAttribute('value') ?? (control.matches('[type=checkbox], [type=radio]') ? 'on' : '')]
}

/** The options of a list that are chosen. */
export function chosen(select: HTMLElement) {
  const options = listed(select, 'option')
  const selected = options.filter((option) => option.hasAttribute('selected'))
  return selected.length > 0 || select.hasAttribute('multiple') ? selected : options.slice(0, 1)
}
