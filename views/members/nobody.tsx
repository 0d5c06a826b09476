import { Empty } from '../components/empty'

type Props = {
  q: string
  path: string
  /** Whether other pages come before this one. */
  later?: boolean
  otherwise: string
  /** What else the list is narrowed to, and where only the search is left of it. */
  narrowed?: { to: Narrowed; path: string } | undefined
}

export type Narrowed = 'status' | 'role' | 'status and role'

const WIDER: Record<Narrowed, string> = {
  status: 'Search all statuses',
  role: 'Search all roles',
  'status and role': 'Search all statuses and roles',
}

/** When a list of people has no row for what was asked. */
export const Nobody = ({ q, path, later, otherwise, narrowed }: Props) => (
  <Empty icon="users" title={later ? 'No one is on this page anymore' : 'No one found'}>
    <p>{later ? 'They were deleted, or no longer match.' : q ? wordsFor(q, narrowed?.to) : otherwise}</p>
    <p class="buttons">
      {q && !later && narrowed && (
        <a class="button" href={narrowed.path}>
          {WIDER[narrowed.to]}
        </a>
      )}
      <a class="button" href={path}>
        Show everyone
      </a>
    </p>
  </Empty>
)

const wordsFor = (q: string, narrowed: Narrowed | undefined) =>
  narrowed ? `No one with this ${narrowed} matches “${q}”.` : `No name or address here contains “${q}”.`
