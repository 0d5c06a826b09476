import type { Entry } from '../../src/models/activity/activity'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { shownAddress } from '../components/shown-address'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { changeInWords, KINDS } from './activity-words'

type Props = { to: WorkspacePaths; entries: Entry[]; now: number }

/** Who did what to whom, when, from where. */
export const Entries = ({ to, entries, now }: Props) => (
  <Table columns={['Action', 'Person', 'By', 'When', 'IP address']}>
    {entries.map((entry) => (
      <EntryRow {...{ to, entry, now }} />
    ))}
  </Table>
)

const EntryRow = ({ to, entry, now }: { to: WorkspacePaths; entry: Entry; now: number }) => (
  <tr id={`entry-${entry.id}`}>
    <th scope="row">
      <div class="person">
        <span>
          {KINDS[entry.kind]}
          <small>{changeInWords(entry)}</small>
        </span>
      </div>
    </th>
    <Cell label="Person">
      <Person to={to} {...subjectOf(entry)} />
    </Cell>
    <Cell label="By">
      {isOwn(entry) ? 'Themselves' : <Person to={to} id={entry.actorId} name={entry.actorName} email={entry.actorEmail} />}
    </Cell>
    <Cell label="When">
      <When at={entry.at} now={now} />
    </Cell>
    <Cell label="IP address">{entry.ip}</Cell>
  </tr>
)

/** Of what somebody did to or for themself: a sign-in, an acceptance. */
const isOwn = ({ actorId, memberId }: Entry) => memberId !== null && (actorId ?? memberId) === memberId

/** Entries from before the log knew names have the address, and of what somebody did themself who it was. */
const subjectOf = (entry: Entry): Omit<PersonProps, 'to'> =>
  entry.memberName
    ? { id: entry.memberId, name: entry.memberName, email: entry.memberEmail }
    : isOwn(entry)
      ? { id: entry.memberId, name: entry.actorName, email: entry.actorEmail }
      : { id: entry.memberId, name: entry.memberEmail ?? (entry.memberId && 'Invited, never joined') }

type PersonProps = { to: WorkspacePaths; id: string | null; name: string | null; email?: string | null }

/** A name can be anybody's; the address under it cannot. Nothing where it is about nobody, as of an agent. */
const Person = ({ to, id, name, email }: PersonProps) =>
  name === null ? null : (
    <span class="signed">
      {id && name ? (
        <a href={withQuery(to.activity, { kind: 'all', person: id })}>{shownAddress(name)}</a>
      ) : (
        <span>{name || 'Erased person'}</span>
      )}
      {email && email !== name && <small>{shownAddress(email)}</small>}
    </span>
  )
