import type { SignedIn } from '../../src/models/apps/list'
import type { Link, Paging } from '../../src/models/core/paging'
import type { Count } from '../../src/models/members/counts'
import type { WorkspacePaths } from '../../src/paths'
import { Pager } from '../components/pager'
import { PersonCell } from '../components/person-cell'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'

type Props = {
  to: WorkspacePaths
  now: number
  people: SignedIn[]
  paging: Paging
  count: Count
  hrefTo: (link: Link) => string
}

export const People = ({ to, now, people, paging, count, hrefTo }: Props) => (
  <div class="stack">
    <div>
      <h2>Signed in</h2>
      <p class="hint">
        Whoever loses access is signed out here at once. A tool that refreshes its tokens notices within five minutes, any other
        when it asks again.
      </p>
    </div>
    {people.length === 0 ? (
      <p class="hint">No one is signed in to it now.</p>
    ) : (
      <Table columns={['Person, last used first', 'Signed in', 'Last used', 'Ends']}>
        {people.map((person) => (
          <tr>
            <PersonCell person={person} href={to.member(person.id)} pending={false} />
            <Cell label="Signed in">
              <When at={person.since} now={now} />
            </Cell>
            <Cell label="Last used">
              <When at={person.usedAt} now={now} />
            </Cell>
            <Cell label="Ends">{person.stays ? 'After 30 days unused' : 'With their session here'}</Cell>
          </tr>
        ))}
      </Table>
    )}
    <Pager id="people" label="Pages" paging={paging} total={count} hrefTo={hrefTo} target="app" />
  </div>
)
