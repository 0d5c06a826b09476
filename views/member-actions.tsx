import type { Member } from '../src/models/member'
import { Confirm, ConfirmTrigger } from './components/confirm'
import { Icon } from './components/icon'
import { Menu } from './components/menu'

type Invited = { member: Member }

const isInvited = ({ state }: Member) => state === 'pending' || state === 'expired'

/** The one action a row most needs, the rest behind the dots. */
export const MemberActions = ({ member }: Invited) =>
  isInvited(member) ? (
    <>
      <form
        method="post"
        action={`/access/users/${member.id}/resend`}
        hx-post={`/access/users/${member.id}/resend`}
        hx-target="#users"
        hx-disable="find button"
      >
        <button class="button ghost small" id={`resend-${member.id}`}>
          <Icon name="send" />
          Resend
          <span class="visually-hidden"> to {member.email}</span>
        </button>
      </form>
      <Menu id={`menu-${member.id}`} label={`More for ${member.name ?? member.email}`}>
        <ConfirmTrigger for={`cancel-${member.id}`} class="danger" icon="trash">
          Cancel invitation
        </ConfirmTrigger>
      </Menu>
    </>
  ) : null

/** They stand outside the table: a menu hides what it holds. */
export const MemberConfirms = ({ member }: Invited) =>
  isInvited(member) ? (
    <Confirm
      id={`cancel-${member.id}`}
      title="Cancel this invitation?"
      action={`/access/users/${member.id}/delete`}
      button="Cancel invitation"
      hx-post={`/access/users/${member.id}/delete`}
      hx-target="#users"
    >
      <p>
        The link in the mail to <b>{member.email}</b> stops working at once. You can invite the address again at any time.
      </p>
    </Confirm>
  ) : null
