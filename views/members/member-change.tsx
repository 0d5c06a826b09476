import type { Member } from '../../src/models/members/member'
import type { MemberChange, WorkspacePaths } from '../../src/paths'
import { Icon, type IconName } from '../components/icon'
import { shownName } from '../components/shown-address'

/** Without a member it is anybody in a list: the script writes in whom, when the dots of a row are pressed. */
export type Who = { to: WorkspacePaths; member?: Member | undefined }

type ChangeProps = Who & {
  id?: string
  change: MemberChange
  icon: IconName
  text: string
  title?: string
  class?: string
  field?: readonly [name: string, value: string]
  'data-for'?: string | undefined
}

/** One button that changes one member. */
export const Change = ({ id, to, member, change, icon, text, title, field, class: classes, ...shown }: ChangeProps) => (
  <form method="post" {...postOf({ to, member }, change)} hx-disable="find button" {...shown}>
    <StateField member={member} />
    {field && <input type="hidden" name={field[0]} value={field[1]} />}
    <button class={classes} id={id ?? `do-${change}`} title={title}>
      <Icon name={icon} />
      {text}
      <span class="visually-hidden">
        {' '}
        (<Name member={member} />)
      </span>
    </button>
  </form>
)

export function postOf({ to, member }: Who, change: MemberChange) {
  const action = member ? to.changeMember(member.id, change) : ''
  return { action, 'hx-post': action, 'data-to': member ? undefined : `/${change}` }
}

/** What the page shows of somebody, so that nothing is done with them once they are something else. */
export const StateField = ({ member }: Pick<Who, 'member'>) => <input type="hidden" name="state" value={member?.status} />

export const Name = ({ member }: Pick<Who, 'member'>) => (
  <span data-name={member ? undefined : ''}>{member && shownName(member)}</span>
)

/** What sends an invitation again, in words. */
export const RESEND = {
  change: 'resend',
  icon: 'send',
  text: 'Resend',
  title: 'Sends a new link. The one in the earlier email stops working.',
} as const
