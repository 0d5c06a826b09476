/**
 * Where in a CSV file a cell begins with a quotation mark that none closes at the end of a cell, so that it may run on over the next rows; -1 where
 * there is none such (RFC 4180, 2.5 to 2.7).
 */
export function openQuote(file: string, separator: string): number {
  const opens = new RegExp(`(?<=^|[${separator}\\r\\n])"`, 'g')
  for (let open = opens.exec(file); open; open = opens.exec(file)) {
    const close = closing(file, open.index + 1)
    const next = file[close + 1]
    if (close < 0 || (next !== undefined && !`${separator}\r\n`.includes(next))) return open.index
    opens.lastIndex = close + 1
  }
  return -1
}

/** Two of them are one that is meant. */
function closing(file: string, from: number) {
  let at = file.indexOf('"', from)
  while (at >= 0 && file[at + 1] === '"') at = file.indexOf('"', at + 2)
  return at
}
