import type { Entry } from '../../src/models/activity/activity'
import { When } from '../components/when'
import { changeInWords, KINDS } from './activity-words'

/** Who did what to whom, when, from where. */
export const Entries = ({ entries, now }: { entries: Entry[]; now: number }) => (
  <div class="table-wrap">
    <table>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Whom</th>
          <th scope="col">By</th>
          <th scope="col">When</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRow entry={entry} now={now} />
        ))}
      </tbody>
    </table>
  </div>
)

const EntryRow = ({ entry, now }: { entry: Entry; now: number }) => (
  <tr id={`entry-${entry.id}`}>
    <th scope="row">
      <div class="person">
        <span>
          {KINDS[entry.kind]}
          <small>{changeInWords(entry)}</small>
        </span>
      </div>
    </th>
    <td class="quiet" data-label="Whom">
      <Person id={entry.memberId} name={entry.memberEmail ?? (entry.memberId && 'Somebody who never joined')} />
    </td>
    <td class="quiet" data-label="By">
      <Person id={entry.actorId ?? entry.memberId} name={entry.actorName} />
    </td>
    <td class="quiet" data-label="When">
      <When at={entry.at} now={now} />
    </td>
    <td class="quiet" data-label="From">
      {entry.ip}
    </td>
  </tr>
)

const Person = ({ id, name }: { id: string | null; name: string | null }) =>
  id && name ? <a href={`/access/activity?${new URLSearchParams({ person: id })}`}>{name}</a> : <span>{name}</span>
