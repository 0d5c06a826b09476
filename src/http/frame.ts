import type { Frame } from '../../views/layout'
import type { Section } from '../models/access/section'
import { nameOrEmail, type Viewer } from '../models/members/viewer'

const ACCESS_MANAGEMENT = 'access-management'

/** Where a section lives. */
export const hrefOf = ({ slug }: Pick<Section, 'slug'>) =>
  slug === 'agents' ? '/agents' : slug === ACCESS_MANAGEMENT ? '/access/users' : `/sections/${slug}`

/** What stands around a signed-in person's page: exactly the sections they have. */
export const frameOf = (viewer: Viewer | undefined, path: string): Frame | undefined =>
  viewer && {
    tenantName: viewer.tenantName,
    tenantSlug: viewer.tenantSlug,
    memberName: nameOrEmail(viewer),
    email: viewer.email,
    sections: viewer.sections.map((section) => ({
      ...section,
      href: hrefOf(section),
      group: section.kind === 'admin_only' ? 'admin' : 'work',
    })),
    workspaces: viewer.workspaces,
    current: currentOf(path),
  }

function currentOf(path: string) {
  const [, first, second] = path.split('/')
  if (first === 'access') return ACCESS_MANAGEMENT
  return first === 'sections' ? (second ?? '') : (first ?? '')
}

/** Agents, else the first section they have, else the page that says whom to ask. */
export const landingOf = ({ sections: [first] }: Pick<Viewer, 'sections'>) => (first ? hrefOf(first) : '/')
