import { Empty } from '../components/empty'

type Props = {
  q: string
  path: string
  /** Whether other pages come before this one. */
  later?: boolean
  otherwise: string
}

/** When a list of people has no row for what was asked. */
export const Nobody = ({ q, path, later, otherwise }: Props) => (
  <Empty icon="users" title={later ? 'Nobody is on this page any more' : 'Nobody found'}>
    <p>
      {later
        ? 'They were deleted, or changed so that they do not match.'
        : q
          ? `No name or address here contains “${q}”.`
          : otherwise}
    </p>
    <p>
      <a class="button" href={path}>
        Show everybody
      </a>
    </p>
  </Empty>
)
