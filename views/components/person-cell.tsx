import { Avatar } from './avatar'
import { shownAddress, shownName } from './shown-address'

type Props = { person: { name: string | null; email: string }; href: string; pending: boolean }

/** The head of a row that is about somebody, with a link to what there is about them. */
export const PersonCell = ({ person, href, pending }: Props) => (
  <th scope="row">
    <div class="person">
      <Avatar label={shownName(person)} pending={pending} />
      <span>
        <a href={href}>{shownName(person)}</a>
        {person.name && <small>{shownAddress(person.email)}</small>}
      </span>
    </div>
  </th>
)
