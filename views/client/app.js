import './copy.js'
import './count.js'
import { goOn } from './go-on.js'
import './local-times.js'
import './matrix.js'
import './menus.js'
import './picker.js'
import { dotsLike, lastDots } from './rows.js'
import './selection.js'
import './whom.js'

const page = document.documentElement
const byId = (id) => (id ? document.getElementById(id) : null)
const lost = () => !document.activeElement || document.activeElement === document.body

// What was just changed may be further down than the window goes.
const showChanged = () => document.querySelector('tr.changed')?.scrollIntoView({ block: 'nearest' })
showChanged()

// What needs this file stays out of sight until the file has arrived.
page.classList.add('js')

// Live regions only speak of changes: put back what came with the page.
setTimeout(() => {
  for (const words of document.querySelectorAll('#notice span')) words.replaceChildren(...words.childNodes)
}, 300)

document.addEventListener('click', ({ target }) => {
  const reveal = target.closest('.reveal')
  if (reveal) toggle(reveal)
  if (target.closest('#offline button')) location.reload()
  target.closest('.dismiss')?.parentElement.remove()
})

function toggle(reveal, shown = reveal.getAttribute('aria-pressed') === 'true') {
  reveal.setAttribute('aria-pressed', String(!shown))
  byId(reveal.getAttribute('aria-controls')).type = shown ? 'password' : 'text'
}

// Without a place to remember things in, as some browsers are set, a page is simply shown anew.
const memory = (() => {
  try {
    return sessionStorage
  } catch {
    return {}
  }
})()

// Whoever wanted to see the password wants to see the next try as well.
if (byId(memory.revealed)?.ariaInvalid === 'true') toggle(document.querySelector(`.reveal[aria-controls="${memory.revealed}"]`))
delete memory.revealed

// A browser remembers what was typed as text, for the next who types there.
document.addEventListener(
  'submit',
  ({ target }) => {
    for (const reveal of target.querySelectorAll('.reveal[aria-pressed="true"]')) {
      memory.revealed = reveal.getAttribute('aria-controls')
      toggle(reveal, true)
    }
  },
  true,
)

// One submit for each page: htmx has its own guard and has prevented the default by now.
const sent = new Set()
document.addEventListener('submit', (event) => {
  const form = event.target
  // The page of a file that is downloaded stays, and may be asked for another.
  if (event.defaultPrevented || form.getAttribute('method') !== 'post' || form.dataset.download !== undefined) return
  if (!navigator.onLine || sent.has(form)) event.preventDefault()
  if (!navigator.onLine) return say(OFFLINE)
  sent.add(form)
  form.ariaBusy = 'true'
})
addEventListener('pageshow', () => {
  for (const form of sent) form.ariaBusy = null
  sent.clear()
})

// Told once, and only of a person's own key or press: what a scanner's script makes up is not trusted. `keepalive`, since the press may be the one that sends the form.
const offer = document.querySelector('[data-opened]')
function tellOpened({ isTrusted }) {
  if (!isTrusted) return
  for (const input of ['keydown', 'pointerdown']) offer.removeEventListener(input, tellOpened)
  const token = document.querySelector('[name=token]').value
  fetch(offer.dataset.opened, { method: 'POST', body: new URLSearchParams({ token }), keepalive: true }).catch(() => {})
}
for (const input of ['keydown', 'pointerdown']) offer?.addEventListener(input, tellOpened)

// What was typed and is not saved is not lost by a click on a link. A form on its way is not in question.
const differs = ({ type, value, defaultValue, checked, defaultChecked, options }) =>
  options
    ? [...options].some((option) => option.selected !== option.defaultSelected)
    : /checkbox|radio/.test(type)
      ? checked !== defaultChecked
      : defaultValue !== undefined && value !== defaultValue
const isUnsaved = () =>
  [...document.querySelectorAll('form[data-unsaved]')].some((form) => !sent.has(form) && [...form.elements].some(differs))
addEventListener('beforeunload', (event) => {
  if (isUnsaved()) event.preventDefault()
})

const OFFLINE = 'You are offline. Nothing was changed. Try again once you are back.'
const SILENCE = 'Latchkey did not answer. Reload to see whether your last change was saved.'

function say(words) {
  const bar = byId('offline')
  bar.querySelector('span').textContent = words
  bar.querySelector('button').hidden = words === OFFLINE
  bar.hidden = !words
}
addEventListener('offline', () => say(OFFLINE))
// What Back could not bring while there was no network is not what the address says.
let missed = false
addEventListener('popstate', () => {
  missed = !navigator.onLine
})
addEventListener('online', () => (missed ? location.reload() : say('')))
document.addEventListener('htmx:error', ({ detail }) => detail.ctx && say(navigator.onLine ? SILENCE : OFFLINE))
document.addEventListener('htmx:after:swap', ({ detail }) => {
  say('')
  goOn(sent, isUnsaved, detail.ctx.sourceElement?.closest('form'))
  // What changed meanwhile is told at the top of a list whose row may be far down.
  if (detail.ctx.response?.status === 409) byId('stale')?.scrollIntoView({ block: 'center' })
  // A menu would hide what is said about it.
  detail.ctx.sourceElement.closest(':popover-open')?.hidePopover()
  if (detail.ctx.response?.status >= 400) return
  // What was saved is what is shown, also where it was saved in other words than it was typed.
  if (detail.ctx.sourceElement.matches('[data-unsaved]')) detail.ctx.sourceElement.reset()
  detail.ctx.sourceElement.closest('dialog[open]')?.close()
  showChanged()
})

// The focused button is disabled during its request and may be gone after it; htmx only finds it again by id.
document.addEventListener('htmx:config:request', ({ detail }) => {
  const { request } = detail.ctx
  detail.ctx.focused = document.activeElement
  // An address says what was chosen, and nothing of what was not.
  if (request.method === 'GET') for (const [name, value] of [...request.body]) if (!value) request.body.delete(name)
  // A row that changes twice is to show it twice.
  document.querySelector('tr.changed')?.classList.remove('changed')
})
document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  setTimeout(() => {
    if (ctx.response?.status < 400 && ctx.focused?.closest('.pager')) return toTop(byId(ctx.target?.id))
    if (lost() && ctx.focused !== document.body) refocus(ctx.focused, ctx.target)
  })
})

/** Another page of a list begins at its top. */
function toTop(section) {
  const list = section?.querySelector('table, .empty') ?? section
  list.tabIndex = -1
  list.focus({ preventScroll: true })
  list.scrollIntoView()
}

function refocus(before, target) {
  const now = before?.isConnected ? before : (byId(before?.id) ?? dotsLike(before))
  now?.focus({ preventScroll: true })
  if (lost()) byMenu(now ?? before)?.focus({ preventScroll: true })
  if (!lost()) return
  const section = byId(target?.id) ?? byId('main')
  if (section.tabIndex < 0) section.tabIndex = -1
  section.focus({ preventScroll: true })
}

/** The button of the closed menu that hides an element; what all rows of a list share belongs to the row that opened it. */
function byMenu(hidden) {
  if (hidden?.closest('#row')) return lastDots()
  const menu = hidden?.closest('[popover]')
  return menu && document.querySelector(`[popovertarget="${menu.id}"]`)
}

// A dialog opened from a menu hands focus back to a button that is hidden again: go to the menu's own.
document.addEventListener(
  'close',
  ({ target }) =>
    setTimeout(() => {
      if (lost()) byMenu(document.querySelector(`[popover] [commandfor="${target.id}"]`))?.focus()
    }),
  true,
)

// Invoker commands, for browsers older than them.
if (!('commandForElement' in HTMLButtonElement.prototype)) {
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('[commandfor]')
    const dialog = byId(button?.getAttribute('commandfor'))
    if (button?.getAttribute('command') === 'show-modal') dialog?.showModal()
    if (button?.getAttribute('command') === 'close') dialog?.close()
  })
}

goOn(sent, isUnsaved)
