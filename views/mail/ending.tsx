import { Address, Fact, Facts, Letter, type LetterProps, Paragraph, Quiet } from './letter'
import { becauseAdmin, ToAdminEnding, toAdminEnding } from './to-admin'

type EndingProps = Pick<LetterProps, 'subject' | 'product' | 'heading'> & {
  to: string
  workspace: string
  /** *31 Dec 2026*, the last day in UTC. */
  day: string
  endsAt: string
  /** Where the person's memberships are. */
  workspaces: string
}

const openingOf = ({ workspace, day }: EndingProps) =>
  `You can open ${workspace} until the end of ${day} (UTC). If you need it for longer, ask one of its admins before then.`

const becauseOf = ({ to, workspace }: EndingProps) =>
  `We sent this email to ${to} because your membership in ${workspace} has an end date.`

/** To the person. */
export const EndingMail = (props: EndingProps) => (
  <Letter {...props} preview={openingOf(props)} footer={becauseOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Facts>
      <Fact name="Ends">{props.endsAt}</Fact>
    </Facts>
    <Quiet>
      Your workspaces: <Address href={props.workspaces} />
    </Quiet>
  </Letter>
)

export const endingText = (props: EndingProps) =>
  [
    props.heading,
    openingOf(props),
    `Ends: ${props.endsAt}`,
    `Your workspaces:\n${props.workspaces}`,
    `--\n${becauseOf(props)}`,
  ].join('\n\n')

/** `who` names the person and has no links in it. */
type EndingFact = { who: string; day: string; href: string }
type EndingsProps = Pick<LetterProps, 'subject' | 'product' | 'heading'> & {
  to: string
  workspace: string
  people: EndingFact[]
  /** How many there are beyond those. */
  more: number
  users: string
  choice: string
}

/** `who` and `day` of the first; how many there are in all. */
export const endingsInWords = ({ who, day, count, workspace }: { who: string; day: string; count: number; workspace: string }) =>
  count === 1 ? `${who}’s access to ${workspace} ends on ${day}` : `${count} people lose access to ${workspace} within seven days`

const NEXT = 'Their access ends at the end of that day (UTC). To extend it, set a later end date on the person’s page.'
const moreOf = ({ more }: EndingsProps) =>
  more > 0 ? `And ${more} more. See everyone who needs attention under Users:` : undefined
/** To an admin. */
export const EndingsMail = (props: EndingsProps) => (
  <Letter {...props} preview={NEXT} footer={becauseAdmin(props)}>
    <Paragraph>{NEXT}</Paragraph>
    <Facts>
      {props.people.map(({ who, day, href }) => (
        <Fact name={day}>
          {who}
          <br />
          <Address href={href}>Open</Address>
        </Fact>
      ))}
    </Facts>
    <ToAdminEnding {...props} more={moreOf(props)} />
  </Letter>
)

export const endingsText = (props: EndingsProps) =>
  [
    props.heading,
    NEXT,
    ...props.people.map(({ who, day, href }) => `${day}: ${who}\n${href}`),
    ...toAdminEnding({ ...props, more: moreOf(props) }),
    `--\n${becauseAdmin(props)}`,
  ].join('\n\n')
