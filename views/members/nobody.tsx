import { Empty } from '../components/empty'

/** When a list of people has no row for what was asked. */
export const Nobody = ({ q, path, otherwise }: { q: string; path: string; otherwise: string }) => (
  <Empty icon="users" title="Nobody found">
    <p>{q ? `No name or address here contains “${q}”.` : otherwise}</p>
    <p>
      <a class="button" href={path}>
        Show everybody
      </a>
    </p>
  </Empty>
)
