import { env } from 'cloudflare:workers'
import { type HTMLElement, parseHTML } from 'linkedom/worker'
import { descriptionOf, isShown, listed, named, shownText, theOne } from './accessible'
import { Client } from './client'
import { chosen, defaultButton, type Submission, submission } from './submission'

type Name = string | RegExp

const LINK = 'a[href]'
const BUTTON = 'button, input[type=submit]'
const FIELD = 'input:not([type=hidden]), select, textarea'
const MOST_REDIRECTS = 10

/**
 * A browser in which JavaScript is off: it follows links, opens menus and dialogs, fills and sends forms, all found by the words that
 * a person reads. What the page hides without a script, or behind a menu that nobody opened, is not there.
 */
export class Browser {
  /** Of the last answer that was no redirect. */
  status = 0
  url = new URL(env.APP_ORIGIN)
  private root: HTMLElement = pageOf('')
  private readonly opened = new Set<string>()

  constructor(private readonly client = new Client()) {}

  /** As an address that somebody types, or a link in an email. */
  open(target: string) {
    return this.send({ method: 'GET', target }, { 'Sec-Fetch-Site': 'none' })
  }

  async follow(name: Name, within = this.root) {
    await this.go({ method: 'GET', target: theOne('link', this.shown(LINK, within), name).getAttribute('href') })
  }

  /** Presses a button: it opens or closes a menu or a dialog, or sends its form. */
  async press(name: Name, within = this.root) {
    const button = theOne('button', this.shown(BUTTON, within), name)
    if (button.hasAttribute('disabled')) throw new Error(`“${name}” is disabled`)
    if (this.toggles(button)) return
    const form = formOf(button)
    if (!form || button.matches('[type=button]')) throw new Error(`“${name}” does nothing without a script`)
    await this.go(submission(form, button))
  }

  /** Enter in a field sends its form. */
  async enter(label: Name, text: string, within = this.root) {
    this.fill(label, text, within)
    const form: HTMLElement | null = this.field(label, within).closest('form')
    if (!form) throw new Error(`“${label}” belongs to no form`)
    await this.go(submission(form, defaultButton(form)))
  }

  fill(label: Name, text: string, within = this.root) {
    const field = this.field(label, within)
    if (field.matches('textarea')) field.textContent = text
    else field.setAttribute('value', text)
  }

  check(label: Name, within = this.root) {
    const box = this.field(label, within)
    if (box.matches('[type=radio]'))
      for (const other of listed(this.root, `[type=radio][name="${box.getAttribute('name')}"]`)) other.removeAttribute('checked')
    box.setAttribute('checked', '')
  }

  uncheck(label: Name, within = this.root) {
    this.field(label, within).removeAttribute('checked')
  }

  choose(label: Name, option: Name, within = this.root) {
    const options = listed(this.field(label, within), 'option')
    for (const other of options) other.removeAttribute('selected')
    theOne('option', options, option).setAttribute('selected', '')
  }

  reload() {
    return this.open(this.url.href)
  }

  /** What a field holds, of a list what is chosen in words, and what is said beside it. */
  valueOf(label: Name, within = this.root): string {
    const field = this.field(label, within)
    if (field.matches('select')) return chosen(field).map(shownText).join(', ')
    return field.matches('textarea') ? field.textContent : (field.getAttribute('value') ?? '')
  }

  describes(label: Name, within = this.root) {
    return descriptionOf(this.field(label, within))
  }

  /** The row of a table that says these words. */
  row(words: string) {
    const rows = this.parts('main tr').filter((each) => shownText(each).includes(words))
    const [row] = rows
    if (!row || rows.length > 1) throw new Error(`${rows.length} rows say “${words}”`)
    return row
  }

  rowText = (words: string) => shownText(this.row(words))

  /** A dialog or a group, by its name. */
  called = (name: Name) => theOne('dialog or group', this.shown('dialog, [role=group], fieldset, aside, nav'), name)

  parts = (selector: string) => this.shown(selector)

  texts = (selector: string) => this.parts(selector).map(shownText)

  has = (kind: 'link' | 'button', name: Name, within = this.root) =>
    named(this.shown(kind === 'link' ? LINK : BUTTON, within), name).length > 0

  isPressed = (button: Name, within = this.root) =>
    theOne('button', this.shown(BUTTON, within), button).getAttribute('aria-pressed') === 'true'

  get title() {
    return this.texts('h1').join(' ')
  }

  get main() {
    return this.texts('main').join(' ')
  }

  /** What the page just confirmed. */
  get notice() {
    return this.texts('[role=status]').join(' ')
  }

  private field(label: Name, within: HTMLElement) {
    return theOne('field', this.shown(FIELD, within), label)
  }

  /** An open dialog is modal: behind it there is nothing to press. */
  private shown(selector: string, within = this.root) {
    const modal = listed(this.root, 'dialog').find(({ id }) => this.opened.has(id))
    return listed(within, selector).filter((each) => isShown(each, this.opened) && (!modal || modal.contains(each)))
  }

  /** @returns whether the button was for that */
  private toggles(button: HTMLElement) {
    const menu: string | null = button.getAttribute('popovertarget')
    const dialog: string | null = button.getAttribute('commandfor')
    const id = menu ?? dialog
    if (!id) return false
    const closes = dialog ? button.getAttribute('command') === 'close' : this.opened.has(id)
    // A menu closes as soon as something else opens.
    for (const other of listed(this.root, '[popover]')) this.opened.delete(other.id)
    if (closes) this.opened.delete(id)
    else this.opened.add(id)
    return true
  }

  /** On from this page, which says so. */
  private go(submission: Submission) {
    return this.send(submission, { 'Sec-Fetch-Site': 'same-origin', Referer: this.url.href })
  }

  private async send({ method, target, fields }: Submission, headers: Record<string, string>) {
    this.url = new URL(target, this.url)
    if (method === 'GET' && fields) this.url.search = fields.toString()
    await this.arrive(await this.request(headers, method === 'POST' ? fields : undefined), headers)
  }

  /** Only a form that is posted names its origin. */
  private request(headers: Record<string, string>, posted?: URLSearchParams) {
    const path = this.url.pathname + this.url.search
    if (posted) return this.client.send('POST', path, posted, { headers })
    return this.client.get(path, { headers: { ...headers, Origin: undefined } })
  }

  /** Goes wherever a redirect leads, but for another origin: there is nothing of ours. */
  private async arrive(first: Response, headers: Record<string, string>) {
    let answer = first
    for (let hops = 0; answer.headers.has('Location'); hops++) {
      if (hops === MOST_REDIRECTS) throw new Error(`${this.url} leads round in circles`)
      this.url = new URL(answer.headers.get('Location') ?? '', this.url)
      if (this.url.origin !== env.APP_ORIGIN) break
      answer = await this.request(headers)
    }
    this.opened.clear()
    this.status = answer.status
    this.root = pageOf(await answer.text())
  }
}

/** The form of a button, which may be elsewhere on the page. */
const formOf = (button: HTMLElement): HTMLElement | null =>
  button.hasAttribute('form') ? button.ownerDocument.getElementById(button.getAttribute('form')) : button.closest('form')

const pageOf = (html: string): HTMLElement =>
  parseHTML(html || '<!doctype html><html><body></body></html>').document.documentElement
