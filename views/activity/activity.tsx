import type { ActivityFilter, Entry } from '../../src/models/activity/activity'
import { AccessPage } from '../access/access'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { hrefWith, Pager } from '../components/pager'
import { KINDS } from './activity-words'
import { Entries } from './entries'

const PATH = '/access/activity'

type Props = { entries: Entry[]; filter: ActivityFilter; now: number; next: string | undefined }

export const ActivityPage = ({ entries, filter, now, next }: Props) => (
  <AccessPage id="activity" tab={PATH}>
    <Filters filter={filter} />
    {entries.length === 0 ? (
      <Empty icon="activity" title="Nothing here yet">
        <p>What people do in Access Management, and when they sign in, will stand here.</p>
      </Empty>
    ) : (
      <Entries entries={entries} now={now} />
    )}
    <Pager
      id="entries"
      label="Pages"
      first={filter.cursor && hrefTo(filter)}
      next={next && hrefTo(filter, next)}
      target="activity"
      words={['Newest', 'Older']}
    />
  </AccessPage>
)

const hrefTo = ({ person, kind }: ActivityFilter, cursor?: string) => hrefWith(PATH, { person, kind, cursor })

const Filters = ({ filter }: { filter: ActivityFilter }) => (
  <form
    class="filters"
    method="get"
    action={PATH}
    hx-get={PATH}
    hx-trigger="change, submit"
    hx-target="#activity"
    hx-push-url="true"
  >
    {filter.person && <input type="hidden" name="person" value={filter.person} />}
    <label class="visually-hidden" for="kind">
      Kind
    </label>
    <select id="kind" name="kind">
      <option value="">Everything</option>
      {Object.entries(KINDS).map(([kind, name]) => (
        <option value={kind} selected={kind === filter.kind}>
          {name}
        </option>
      ))}
    </select>
    <button class="button">Show</button>
    {filter.person && (
      <a class="button ghost" href={hrefTo({ ...filter, person: undefined })}>
        <Icon name="x" />
        Everybody
      </a>
    )}
  </form>
)
