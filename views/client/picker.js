// The search of a list of boxes hides what does not match, and sends nothing.
const pickerOf = (element) => element.closest?.('.picker')
const labelsIn = (picker) => [...picker.querySelectorAll('label')]

document.addEventListener('input', ({ target }) => {
  const picker = pickerOf(target)
  if (!picker || target.type !== 'search') return
  const typed = target.value.trim().toLowerCase()
  for (const label of labelsIn(picker)) label.hidden = !label.textContent.toLowerCase().includes(typed)
})

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
    const boxes = labelsIn(picker).map((label) => label.firstElementChild)
    const count = picker.querySelector('.count')
    if (count) count.textContent = `${boxes.filter(({ checked }) => checked).length} of ${boxes.length} selected`
  },
  true,
)
