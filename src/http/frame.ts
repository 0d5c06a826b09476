import { shownAddress, shownName } from '../../views/components/shown-address'
import type { Frame } from '../../views/layout'
import { groupOf } from '../../views/nav-groups'
import type { Section } from '../models/access/section'
import { factorDemand } from '../models/identity/factor-policy'
import type { Person } from '../models/identity/session'
import type { Viewer } from '../models/members/viewer'
import { pathsIn, type WorkspacePaths } from '../paths'

const ACCESS_MANAGEMENT = 'access-management'

/** Where a section lives. */
export const hrefOf = (to: WorkspacePaths, { slug }: Pick<Section, 'slug'>) =>
  slug === 'agents' ? to.agents : slug === ACCESS_MANAGEMENT ? to.users : to.section(slug)

/** What stands around a signed-in person's page in a workspace: exactly the sections they have. */
export function frameOf(viewer: Viewer | undefined, path: string): Frame | undefined {
  if (!viewer) return undefined
  const to = pathsIn(viewer.tenantId)
  return {
    workspace: { id: viewer.tenantId, name: viewer.tenantName },
    me: { name: shownName(viewer), email: shownAddress(viewer.email) },
    sections: viewer.sections.map((section) => ({
      ...section,
      href: hrefOf(to, section),
      group: groupOf(section, viewer.connected),
    })),
    workspaces: viewer.workspaces,
    current: currentOf(path),
    factorDue: factorDueOf(viewer, path, Date.now()),
  }
}

const factorDueOf = ({ factor }: Viewer, next: string, now: number) =>
  factor.dueAt !== undefined && factorDemand(factor, now) === 'later' ? { at: factor.dueAt, now, next } : undefined

const OWN_PAGES = [
  { slug: 'workspaces', name: 'Workspaces', icon: 'layout-grid', href: '/workspaces', group: 'work' },
  { slug: 'account', name: 'Account', icon: 'circle-user', href: '/account', group: 'work' },
] as const

/** Around the pages of a person, which belong to no workspace. */
export const personFrameOf = (person: Person | undefined, path: string): Frame | undefined =>
  person && {
    workspace: undefined,
    me: { name: shownName(person), email: shownAddress(person.email) },
    sections: [...OWN_PAGES],
    workspaces: [],
    current: path.split('/')[1] ?? '',
  }

function currentOf(path: string) {
  const [, , , first, second] = path.split('/')
  if (first === 'access') return ACCESS_MANAGEMENT
  return first === 'sections' ? (second ?? '') : (first ?? '')
}

/** Agents, else the first section they have, else the page that says whom to ask. */
export function landingOf({ tenantId, sections: [first] }: Pick<Viewer, 'tenantId' | 'sections'>) {
  const to = pathsIn(tenantId)
  return first ? hrefOf(to, first) : to.home
}
