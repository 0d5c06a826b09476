import type { ActivityFilter, Entry } from '../../src/models/activity/activity'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { Pager } from '../components/pager'
import { KINDS } from './activity-words'
import { Entries } from './entries'

type Props = { to: WorkspacePaths; entries: Entry[]; filter: ActivityFilter; now: number; next: string | undefined }

export const ActivityPage = ({ to, entries, filter, now, next }: Props) => (
  <AccessPage to={to} id="activity" tab="activity">
    <Filters to={to} filter={filter} />
    {entries.length === 0 ? <Nothing to={to} filter={filter} /> : <Entries to={to} entries={entries} now={now} />}
    <Pager
      id="entries"
      label="Pages"
      first={filter.cursor && hrefTo(to, filter)}
      next={next && hrefTo(to, filter, next)}
      target="activity"
      words={['Newest', 'Older']}
    />
  </AccessPage>
)

const hrefTo = (to: WorkspacePaths, { person, kind }: Omit<ActivityFilter, 'cursor'>, cursor?: string) =>
  withQuery(to.activity, { person, kind, cursor })

const Nothing = ({ to, filter: { person, kind, cursor } }: Pick<Props, 'to' | 'filter'>) =>
  person || kind || cursor ? (
    <Empty icon="activity" title={cursor ? 'Nothing is on this page' : 'Nothing found'}>
      <p>
        <a class="button" href={to.activity}>
          Show everything
        </a>
      </p>
    </Empty>
  ) : (
    <Empty icon="activity" title="Nothing here yet">
      <p>You will see here what people do in Access Management, and when they sign in.</p>
    </Empty>
  )

const Filters = ({ to, filter }: Pick<Props, 'to' | 'filter'>) => (
  <form
    class="filters"
    method="get"
    action={to.activity}
    hx-get={to.activity}
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
      <a class="button ghost" href={hrefTo(to, { kind: filter.kind, person: undefined })}>
        <Icon name="x" />
        Everybody
      </a>
    )}
  </form>
)
