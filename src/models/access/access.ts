import { CONFIGURABLE, SECTIONS, type Section } from './section'

export type Role = 'admin' | 'user'
export type AgentMode = 'all' | 'list'
/** By section slug; a slug that is absent follows the tenant's default, and a default that is absent is on. */
export type SectionSettings = Partial<Record<string, 'on' | 'off'>>
export type Grants = { role: Role; defaults: SectionSettings; overrides: SectionSettings }

export type Sight = { may: boolean; because: 'admin' | 'admin_only' | 'own' | 'default' }

/** The one answer to "may this person see this section", and why; sidebar, pages, counts and preview all ask it. */
export function sightOf({ role, defaults, overrides }: Grants, { kind, slug }: Section): Sight {
  if (role === 'admin') return { may: true, because: 'admin' }
  if (kind === 'admin_only') return { may: false, because: 'admin_only' }
  const own = overrides[slug]
  return { may: (own ?? defaults[slug] ?? 'on') === 'on', because: own ? 'own' : 'default' }
}

export const maySeeSection = (grants: Grants, section: Section) => sightOf(grants, section).may

export const sectionsOf = (grants: Grants): Section[] => SECTIONS.filter((section) => maySeeSection(grants, section))

/** For "5 of 7": admin-only sections do not count, since nobody can be given them. */
export const countSections = (grants: Grants) => CONFIGURABLE.filter((section) => maySeeSection(grants, section)).length

/** What to store for somebody who is to see exactly `chosen`: only where it differs from the default, so that defaults go on holding. */
export function overridesFor(chosen: string[], defaults: SectionSettings): SectionSettings {
  const wanted = CONFIGURABLE.map(({ slug }) => [slug, chosen.includes(slug) ? 'on' : 'off'] as const)
  return Object.fromEntries(wanted.filter(([slug, access]) => access !== (defaults[slug] ?? 'on')))
}
