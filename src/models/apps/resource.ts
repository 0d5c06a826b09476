/** A resource as it is kept and compared: two spellings of one URL are one (RFC 3986 6.2). Undefined for what is no https URL, or has a fragment or credentials. */
export function canonicalResource(text: string): string | undefined {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' || url.username || url.password || url.href.includes('#')) return undefined
  return url.href
}
