/** The longest id of a workspace that its table takes. */
const SLUG_CHARACTERS = 40

/** What may stand in URLs for a workspace of this name, best first: no slug is given twice, not even that of a workspace that is gone. */
export function slugsFor(name: string): string[] {
  const slug = slugOf(name)
  return [slug, ...Array.from({ length: 98 }, (_, i) => `${slug.slice(0, SLUG_CHARACTERS - 3)}-${i + 2}`)]
}

/** A name in plain ASCII, as far as that goes. */
export const slugOf = (name: string) =>
  trimmed(
    trimmed(
      name
        .normalize('NFKD')
        .toLowerCase()
        .replaceAll(/\p{M}/gu, '')
        .replaceAll(/[^a-z0-9]+/g, '-'),
    ).slice(0, SLUG_CHARACTERS),
  ) || 'workspace'

const trimmed = (slug: string) => slug.replaceAll(/^-+|-+$/g, '')
