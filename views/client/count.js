// How much of a field is used, or still missing, in the characters that the server counts.
document.addEventListener('input', ({ target }) => {
  const count = target.id && document.querySelector(`[data-counts="${target.id}"]`)
  if (!count) return
  const used = [...target.value.normalize('NFC')].length
  const { limit, least } = count.dataset
  count.textContent = used < least || limit ? `${used} of ${limit ?? least}` : `${used} characters`
  count.classList.toggle('over', used > limit)
  count.classList.toggle('enough', used >= least)
})
