// How much of a field is used, in the characters that the server counts.
document.addEventListener('input', ({ target }) => {
  const count = target.id && document.querySelector(`[data-counts="${target.id}"]`)
  if (!count) return
  const used = [...target.value].length
  count.textContent = `${used} of ${count.dataset.limit}`
  count.classList.toggle('over', used > count.dataset.limit)
})
