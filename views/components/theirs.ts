/** Beside a field that somebody else has changed meanwhile to something else: what it is now, and what was typed. */
export const theirsInWords = (theirs: string | undefined, typed: string) =>
  theirs === undefined ? undefined : `This is ${quoted(theirs)} now, and you entered ${quoted(typed)}. Save again to replace it.`

const quoted = (text: string) => (text ? `“${text}”` : 'empty')
