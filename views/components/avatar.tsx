const HUES = 12

/** The same label has the same colour on every page; pending people have none yet. */
export const Avatar = ({ label, pending }: { label: string; pending?: boolean | undefined }) => (
  <span class={`avatar ${pending ? 'pending' : `hue-${hueOf(label)}`}`} aria-hidden="true">
    {initialsOf(label)}
  </span>
)

const hueOf = (label: string) => {
  const hash = [...label].reduce((sum, letter) => (sum * 131 + (letter.codePointAt(0) ?? 0)) % 65_521, 7)
  return (hash % HUES) + 1
}

const initialsOf = (label: string) => {
  const [first = '', ...rest] = (label.split('@')[0] ?? '').split(/[\s._-]+/).filter(Boolean)
  const [initial = '?', second = ''] = [...first]
  return (initial + ([...(rest.at(-1) ?? '')][0] ?? second)).toUpperCase()
}
