// `Nora New <nora@acme.test>` is an address and a name. The server understands more than this.
const NAMED = /^\s*"?([^"<>@]+?)"?\s*<\s*([^\s<>]+@[^\s<>]+)\s*>\s*$/

// Before anybody else hears of the change, and reads the form.
document.addEventListener(
  'change',
  ({ target }) => {
    const name = target.inputMode === 'email' && target.form?.elements.namedItem('name')
    const [, said, address] = (name && !name.value && NAMED.exec(target.value)) || []
    if (!address) return
    target.value = address
    name.value = said
    name.dispatchEvent(new Event('change', { bubbles: true }))
  },
  true,
)
