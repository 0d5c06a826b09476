import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { PageHead } from '../components/page-head'

const WAYS = { invite: 'One person', inviteMany: 'Many people', joinLinks: 'Join link' } as const
type Way = keyof typeof WAYS

const isWay = (name: string): name is Way => name in WAYS

type Props = { to: WorkspacePaths; current: Way }

export const InviteHead = ({ to, current }: Props) => (
  <>
    <BackLink href={to.users}>Users</BackLink>
    <PageHead title="Invite User" />
    <Ways {...{ to, current }} />
  </>
)

const Ways = ({ to, current }: Props) => (
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
