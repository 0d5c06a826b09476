// What a page shows once is taken along with one press. Without this file it is selected and copied as any text.
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]')
  if (!button) return
  const field = document.getElementById(button.dataset.copy)
  if (field.select) field.select()
  else getSelection().selectAllChildren(field)
  const done = await navigator.clipboard?.writeText(field.value).then(
    () => true,
    () => false,
  )
  say(field.id, done ? 'Copied.' : 'It is selected: copy it with your keyboard.')
})

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-print]')) print()
})

// Whoever presses the field wants all of it.
document.addEventListener('focusin', ({ target }) => {
  if (document.querySelector(`[data-copy="${CSS.escape(target.id || '-')}"]`)) target.select()
})

function say(id, words) {
  document.getElementById(`${id}-copied`).textContent = words
}
