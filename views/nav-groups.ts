import { LINKED, type Section } from '../src/models/access/section'

/** `unconnected`: no tool is behind the section yet. */
export type NavGroup = 'work' | 'admin' | 'unconnected'

/** `connected` are the slugs of the sections that lead to a tool. */
export function groupOf({ slug, kind }: Pick<Section, 'slug' | 'kind'>, connected: string[]): NavGroup {
  if (LINKED.some((section) => section.slug === slug) && !connected.includes(slug)) return 'unconnected'
  return kind === 'admin_only' ? 'admin' : 'work'
}
