import { type HTMLElement, parseHTML } from 'linkedom/worker'
import { defaultButton, submission } from './submission'

/** The fields of the form with this action, as a browser would send them: everything that a page shows, changed or not. */
export function formIn(html: string, action: string, id = ''): Record<string, string | string[]> {
  const form: HTMLElement | null = parseHTML(html).document.querySelector(`form[action="${action}"]${id && `#${id}`}`)
  if (!form) throw new Error(`no form ${id} leads to ${action}`)
  const named = Map.groupBy(submission(form, defaultButton(form)).fields ?? [], ([name]) => name)
  return Object.fromEntries([...named].map(([name, pairs]) => [name, oneOrMany(pairs.map(([, value]) => value))]))
}

/** A field that comes once is not a list. */
const oneOrMany = (values: string[]) => (values.length === 1 ? values.join() : values)
