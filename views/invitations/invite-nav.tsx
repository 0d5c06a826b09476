import type { WorkspacePaths } from '../../src/paths'

const WAYS = { invite: 'One person', inviteMany: 'Many people', joinLinks: 'Join link' } as const
type Way = keyof typeof WAYS

const isWay = (name: string): name is Way => name in WAYS

/** The ways to invite somebody, above the form of each. */
export const InviteNav = ({ to, current }: { to: WorkspacePaths; current: Way }) => (
  <nav class="tabs" aria-label="Ways to invite">
    {Object.keys(WAYS)
      .filter(isWay)
      .map((way) => (
        <a href={to[way]} aria-current={way === current ? 'page' : undefined}>
          {WAYS[way]}
        </a>
      ))}
  </nav>
)
