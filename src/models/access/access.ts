import { CONFIGURABLE, SECTIONS, type Section } from './section'

export type Role = 'admin' | 'user'
export type AgentMode = 'all' | 'list'
/** By section slug; a slug that is absent follows the tenant's default, and a default that is absent is on. */
export type SectionSettings = Partial<Record<string, 'on' | 'off'>>
export type Grants = { role: Role; defaults: SectionSettings; overrides: SectionSettings }

/** The one answer to "may this person see this section"; sidebar, pages, counts and preview all ask it. */
export function maySeeSection({ role, defaults, overrides }: Grants, { kind, slug }: Section): boolean {
  if (role === 'admin') return true
  return kind === 'configurable' && (overrides[slug] ?? defaults[slug] ?? 'on') === 'on'
}

export const sectionsOf = (grants: Grants): Section[] => SECTIONS.filter((section) => maySeeSection(grants, section))

/** For "5 of 7": admin-only sections do not count, since nobody can be given them. */
export const countSections = (grants: Grants) => CONFIGURABLE.filter((section) => maySeeSection(grants, section)).length

/** What to store for somebody who is to see exactly `chosen`: only where it differs from the default, so that defaults go on holding. */
export function overridesFor(chosen: string[], defaults: SectionSettings): SectionSettings {
  const wanted = CONFIGURABLE.map(({ slug }) => [slug, chosen.includes(slug) ? 'on' : 'off'] as const)
  return Object.fromEntries(wanted.filter(([slug, access]) => access !== (defaults[slug] ?? 'on')))
}
