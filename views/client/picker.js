// The search of a list of boxes hides what does not match, and sends nothing.
const pickerOf = (element) => element.closest?.('.picker')
const labelsIn = (picker) => [...picker.querySelectorAll('label')]

document.addEventListener('input', ({ target }) => {
  const picker = pickerOf(target)
  if (picker && target.type === 'search') search(picker, target)
})

function search(picker, { value }) {
  const typed = value.trim().toLowerCase()
  for (const label of labelsIn(picker)) label.hidden = !label.textContent.toLowerCase().includes(typed)
}

// It is no field of the form around it.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.type === 'search' && pickerOf(event.target)) event.preventDefault()
})

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-tick]')
  if (!button) return
  const shown = labelsIn(pickerOf(button)).filter((label) => !label.hidden)
  for (const { firstElementChild: box } of shown) box.checked = button.dataset.tick === 'on'
  shown[0]?.firstElementChild.dispatchEvent(new Event('change', { bubbles: true }))
})

document.addEventListener(
  'change',
  (event) => {
    const picker = pickerOf(event.target)
    if (!picker) return
    if (event.target.type === 'search') return event.stopPropagation()
    count(picker)
  },
  true,
)

function count(picker) {
  const boxes = labelsIn(picker).map((label) => label.firstElementChild)
  const shown = picker.querySelector('.count')
  if (shown) shown.textContent = `${boxes.filter(({ checked }) => checked).length} of ${boxes.length} selected`
}

// A morph keeps what was ticked and typed, and shows the rest as the server knows it.
document.addEventListener('htmx:after:swap', () => {
  for (const picker of document.querySelectorAll('.picker')) {
    const field = picker.querySelector('[type=search]')
    if (field) search(picker, field)
    count(picker)
  }
})
