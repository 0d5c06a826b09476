import { Address, Button, Paragraph, Quiet } from './letter'

/** What every email to an admin ends with: whoever it does not name, where to see them all, and where to choose these emails. */
type Ending = {
  /** Of those beyond the ones that are named. */
  more: string | undefined
  users: string
  choice: string
}

export const ToAdminEnding = ({ more, users, choice }: Ending) => (
  <>
    {more && <Paragraph>{more}</Paragraph>}
    <Button href={users}>Open Users</Button>
    <Quiet>
      Choose how often you get these emails: <Address href={choice} />
    </Quiet>
  </>
)

export const toAdminEnding = ({ more, users, choice }: Ending) => [
  ...(more ? [more] : []),
  `Users:\n${users}`,
  `Choose how often you get these emails:\n${choice}`,
]

export const becauseAdmin = ({ to, workspace }: { to: string; workspace: string }) =>
  `We sent this email to ${to} because you are an admin of ${workspace}. You can turn these emails off.`
