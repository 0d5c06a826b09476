// Who is selected stands in the boxes of the page and nowhere else. Without this file the bar under the table does the same.
const form = () => document.getElementById('selection')
const boxes = () => [...document.querySelectorAll('.users [name=member]')]

function show() {
  const bar = form()
  if (!bar) return
  const [all, page] = [bar.elements.all, document.getElementById('select-page')]
  const ticked = boxes().filter(({ checked }) => checked).length
  bar.querySelector('[role=status]').textContent = ticked && !all?.checked ? `${ticked} selected` : ''
  bar.toggleAttribute('data-selected', ticked > 0)
  if (page) {
    page.checked = ticked > 0 && ticked === boxes().length
    page.indeterminate = ticked > 0 && !page.checked
  }
}

document.addEventListener('change', ({ target }) => {
  if (target.id === 'select-page') for (const box of boxes()) box.checked = target.checked
  if (target.id === 'select-page' || target.form?.id === 'selection') show()
})

document.addEventListener('click', ({ target }) => {
  if (!target.closest('[data-clear]')) return
  for (const box of [...boxes(), form().elements.all]) if (box) box.checked = false
  show()
  document.querySelector('.users [name=member]')?.focus()
})

// A row that is asked for again comes back without its tick.
let kept = []
document.addEventListener('htmx:before:swap', () => {
  kept = boxes().flatMap(({ checked, value }) => (checked ? [value] : []))
})
document.addEventListener('htmx:after:swap', () => {
  for (const box of boxes()) if (kept.includes(box.value)) box.checked = true
  show()
})

// Back brings the ticks along, sometimes after the page.
addEventListener('pageshow', show)
show()
