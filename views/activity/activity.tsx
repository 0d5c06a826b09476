import { PEOPLE_TO_CHOOSE, TEXT_PEOPLE } from '../../src/limits'
import type { Entry } from '../../src/models/activity/activity'
import type { FoundPerson } from '../../src/models/activity/people'
import type { Paging } from '../../src/models/core/paging'
import type { WorkspacePaths } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Empty } from '../components/empty'
import { ExportMenu } from '../components/export-menu'
import { Pager } from '../components/pager'
import { shownAddress, shownName } from '../components/shown-address'
import { Entries } from './entries'
import { activityHref, type Filter, Filters, type Groups, People } from './filters'

type Props = {
  to: WorkspacePaths
  entries: Entry[]
  /** Whom the filter names, or those who may be meant by what was typed. */
  people: FoundPerson[]
  filter: Filter & { cursor?: unknown }
  groups: Groups
  now: number
  paging: Paging
}

export const ActivityPage = ({ to, filter, groups, people, ...page }: Props) => (
  <AccessPage to={to} id="activity" tab="activity" actions={<Export to={to} filter={filter} />}>
    <Filters {...{ to, filter, groups }} person={nameOf(people, page.entries)} />
    {filter.who && !filter.person ? <Found {...{ to, filter, people, ...page }} /> : <Log {...{ to, filter, ...page }} />}
  </AccessPage>
)

const Export = ({ to, filter: { person, who, kind, from, to: until } }: Pick<Props, 'to' | 'filter'>) => (
  <ExportMenu action={to.exportActivity} label="Export these entries" filter={{ person, who, kind, from, to: until }} />
)

/** Whoever is gone is named by what they left. */
function nameOf([person]: FoundPerson[], [entry]: Entry[]) {
  return person ? shownName(person) : (entry?.memberName ?? shownAddress(entry?.memberEmail ?? entry?.actorName ?? 'One person'))
}

const Log = ({ to, entries, filter, now, paging }: Omit<Props, 'people' | 'groups'>) => (
  <>
    {entries.length === 0 ? (
      <Empty icon="activity" title={filter.cursor ? 'Nothing on this page' : 'No activity found'}>
        <p>{filter.cursor ? 'There is nothing older.' : 'Nothing matches these filters.'}</p>
      </Empty>
    ) : (
      <Entries to={to} entries={entries} now={now} />
    )}
    <Pager
      id="entries"
      label="Pages"
      paging={paging}
      hrefTo={(link) => activityHref(to, filter, link)}
      target="activity"
      words={{ previous: 'Newer', next: 'Older' }}
    />
  </>
)

/** Entries of everybody who may be meant, unless that is nobody or too many to say something. */
const Found = ({ people, ...page }: Omit<Props, 'groups'>) =>
  people.length === 0 ? (
    <Empty icon="search" title="No one found">
      <p>No name or address of people here or gone contains “{page.filter.who}”.</p>
    </Empty>
  ) : people.length > TEXT_PEOPLE ? (
    <div class="stack">
      <p>
        More than {TEXT_PEOPLE} people match “{page.filter.who}”. Type more of the name or address, or choose someone:
      </p>
      <People {...page} people={people.slice(0, PEOPLE_TO_CHOOSE)} />
    </div>
  ) : (
    <>
      <Meant {...page} people={people} />
      <Log {...page} />
    </>
  )

/** Whose entries these are, each a way to those of one of them alone. */
const Meant = ({ to, filter, people }: Pick<Props, 'to' | 'filter' | 'people'>) => (
  <p class="hint meant">
    {people.length} people match:{' '}
    {people.map((person, i) => (
      <>
        {i > 0 && ', '}
        <a href={activityHref(to, { ...filter, who: '', person: person.id })} title={shownAddress(person.email)}>
          {shownName(person)}
        </a>
      </>
    ))}
    .
  </p>
)
