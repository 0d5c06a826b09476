// What answers a form stands in the place of a page: a browser would send the form again to come back to it.
const page = document.querySelector('[data-page]')?.dataset.page
if (page) history.replaceState(null, '', page)

/**
 * What only waited for its person to prove who they are goes on. It leaves the page, and so not where something else is typed that would be lost.
 * `sent` are the forms that are on their way; `refused` is the one that waits.
 */
export function goOn(sent, isUnsaved, refused) {
  const form = document.querySelector('form[data-continue]')
  if (!form) return
  form.removeAttribute('data-continue')
  if (refused) sent.add(refused)
  if (!isUnsaved()) form.requestSubmit()
}
