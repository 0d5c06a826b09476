// One menu and one question of each kind serve all rows of a list: they are filled from the row whose dots were pressed. Without this file
// the dots lead to the page of that person.
let dots

/** The dots of the same person, when the row has been swapped since. */
export const dotsLike = (button) =>
  button?.matches('[data-row]') ? document.querySelector(`[data-row][formaction="${button.getAttribute('formaction')}"]`) : null

/** The dots that the menu of the list was opened from. */
export const lastDots = () => (dots?.isConnected ? dots : dotsLike(dots))

// A morph takes back what was filled in, also of the menu that is open.
document.addEventListener('htmx:after:swap', () => {
  const row = document.getElementById('row')
  if (row?.querySelector(':popover-open, [open]') && lastDots()) fill(row, lastDots())
})

document.addEventListener('click', ({ target }) => {
  const pressed = target.closest('[data-row]')
  if (!pressed) return
  dots?.removeAttribute('popovertarget')
  dots = pressed
  fill(document.getElementById('row'), pressed)
  // The browser opens the menu by itself after this, beside the button.
  pressed.type = 'button'
  pressed.setAttribute('popovertarget', 'row-menu')
})

function fill(row, { dataset, parentElement }) {
  const person = parentElement.closest('tr').querySelector('th a')
  const kinds = dataset.row.split(' ')
  row.querySelector('#row-menu').ariaLabel = `More for ${person.textContent}`
  for (const name of row.querySelectorAll('[data-name]')) name.textContent = person.textContent
  for (const entry of row.querySelectorAll('[data-for]')) {
    const shownFor = entry.dataset.for.split(' ')
    entry.hidden = !kinds.some((kind) => shownFor.includes(kind))
  }
  for (const part of row.querySelectorAll('[data-to]')) pointTo(part, person.getAttribute('href') + part.dataset.to, kinds[0])
}

function pointTo(part, path, status) {
  if (part.matches('a')) return part.setAttribute('href', path)
  part.action = path
  if (part.hasAttribute('hx-post')) part.setAttribute('hx-post', path)
  part.querySelector('[name=state]').value = status
}
