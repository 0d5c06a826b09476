// Arrow keys in the open menu, as in those of an operating system; Tab goes on working.
const STEPS = { ArrowDown: 1, ArrowUp: -1 }

document.addEventListener('keydown', (event) => {
  const menu = document.querySelector('.menu:popover-open')
  const { key } = event
  if (!menu || !(key in STEPS || key === 'Home' || key === 'End')) return
  const entries = [...menu.querySelectorAll('a, button')].filter((entry) => entry.checkVisibility())
  event.preventDefault()
  entryFor(key, entries)?.focus()
})

function entryFor(key, entries) {
  const at = entries.indexOf(document.activeElement)
  if (key === 'Home' || (key === 'ArrowDown' && at < 0)) return entries[0]
  if (key === 'End') return entries.at(-1)
  return entries.at((at + STEPS[key]) % entries.length)
}
