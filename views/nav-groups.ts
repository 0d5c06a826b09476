import type { Section } from '../src/models/access/section'

/** `unconnected`: no tool is behind the section yet. */
export type NavGroup = 'work' | 'admin' | 'unconnected'

/** What is Latchkey itself. */
const OWN: string[] = ['agents', 'access-management'] satisfies Section['slug'][]

/** `connected` are the slugs of the sections that lead to a tool. */
export function groupOf({ slug, kind }: Pick<Section, 'slug' | 'kind'>, connected: string[]): NavGroup {
  if (!OWN.includes(slug) && !connected.includes(slug)) return 'unconnected'
  return kind === 'admin_only' ? 'admin' : 'work'
}
