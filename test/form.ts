/** The fields of the form with this action, as a browser would send them: everything that a page shows, changed or not. */
export function formIn(html: string, action: string): Record<string, string | string[]> {
  const form =
    html
      .split('<form')
      .find((each) => each.includes(`action="${action}"`))
      ?.split('</form>')[0] ?? ''
  const fields: Record<string, string | string[]> = {}
  for (const [tag, text = ''] of form.matchAll(/<input[^>]*>|<textarea[^>]*>([^<]*)/g)) {
    const name = attributeOf(tag, 'name')
    if (!name || (/type="(checkbox|radio)"/.test(tag) && !/ checked/.test(tag))) continue
    const value = tag.startsWith('<textarea') ? unescaped(text) : attributeOf(tag, 'value')
    const before = fields[name]
    fields[name] = before === undefined ? value : [...[before].flat(), value]
  }
  return fields
}

const attributeOf = (tag: string, name: string) => unescaped(tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '')
const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
