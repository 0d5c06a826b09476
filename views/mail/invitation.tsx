import { type Access, accessInWords, ROLES } from '../words'
import { Address, Button, Fact, Facts, Letter, type LetterProps, LinkInFull, Paragraph, Quotation } from './letter'

type Occasion = 'invitation' | 'approved' | 'resend' | 'fresh_invitation' | 'reminder'
type InvitationProps = Pick<LetterProps, 'subject' | 'product'> & {
  /** They asked to join themselves, and the inviter approved. */
  asked: boolean
  /** A fresh one was asked for by the person: the link that is open, or a new one once that has expired. A reminder carries the one that is open. */
  occasion: Occasion
  to: string
  inviter: string
  /** Where an answer goes. */
  answerTo: string | null
  workspace: string
  access: Access
  note: string | null
  hasAccount: boolean
  link: string
  login: string
  /** "3 days" */
  expiresIn: string
  /** "Wednesday, 25 November 2026 at 14:05 UTC" */
  expiresAt: string
}

type Words = { heading: string; opening: string; because: string }

const WORDS: Record<Occasion, (props: InvitationProps) => Words> = {
  invitation: ({ inviter, workspace }) => ({
    heading: `Join ${workspace}`,
    opening: `${inviter} invited you to the ${workspace} workspace.`,
    because: '',
  }),
  approved: ({ inviter, workspace }) => ({
    heading: `Join ${workspace}`,
    opening: `${inviter} approved your request to join the ${workspace} workspace.`,
    because: '',
  }),
  resend: ({ inviter, workspace }) => ({
    heading: `Your new link to ${workspace}`,
    opening: `${inviter} sent you a new link to the ${workspace} workspace. Earlier links no longer work.`,
    because: '',
  }),
  fresh_invitation: ({ inviter, workspace }) => ({
    heading: `Your fresh link to ${workspace}`,
    opening: `${inviter} invited you to the ${workspace} workspace. Here is the link you asked for.`,
    because: ' and a fresh link was requested',
  }),
  reminder: ({ inviter, workspace, expiresIn }) => ({
    heading: `Your invitation to ${workspace} expires soon`,
    opening: `${inviter} invited you to the ${workspace} workspace. Your link expires in ${expiresIn}.`,
    because: '. This is the only reminder',
  }),
}

const headingOf = (props: InvitationProps) => WORDS[props.occasion](props).heading
const openingOf = (props: InvitationProps) => `${WORDS[props.occasion](props).opening} ${wayIn(props)}`

const wayIn = ({ hasAccount }: InvitationProps) =>
  hasAccount ? 'Sign in with your existing account to join.' : 'Set a password to get started.'

const buttonOf = ({ hasAccount, workspace }: InvitationProps) => (hasAccount ? `Join ${workspace}` : 'Set My Password')

const reasonOf = (props: InvitationProps) =>
  `We sent this email to ${props.to} because ${causeOf(props)}${WORDS[props.occasion](props).because}. If you were not expecting it, you can ignore it.`

const causeOf = ({ asked, inviter, workspace }: InvitationProps) =>
  asked ? `you asked to join ${workspace}` : `${inviter} invited this address to ${workspace}`

const inviterOf = ({ inviter, answerTo }: InvitationProps) => (answerTo ? `${inviter} (${answerTo})` : inviter)

export const InvitationMail = (props: InvitationProps) => (
  <Letter {...props} preview={openingOf(props)} heading={headingOf(props)} footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    {props.note && <Quotation by={props.inviter}>{props.note}</Quotation>}
    <Button href={props.link}>{buttonOf(props)}</Button>
    <Facts>
      <Fact name="Invited by">{inviterOf(props)}</Fact>
      <Fact name="Role">
        <strong>{ROLES[props.access.role]}</strong>
      </Fact>
      <Fact name="You will see">{accessInWords(props.access)}</Fact>
      <Fact name="Sign in with">{props.to}</Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
      <Fact name="Expires">
        In {props.expiresIn}, on {props.expiresAt}
      </Fact>
    </Facts>
    <LinkInFull href={props.link} use="This link works once and is only for you." />
  </Letter>
)

export const invitationText = (props: InvitationProps) =>
  [
    `${headingOf(props)}`,
    openingOf(props),
    ...(props.note ? [`${props.inviter} wrote:\n${indent(props.note)}`] : []),
    `${buttonOf(props)}:\n${props.link}`,
    `Invited by: ${inviterOf(props)}\nYour role: ${ROLES[props.access.role]}\nYou will see: ${accessInWords(props.access)}\nSign in with: ${props.to}`,
    `Sign in later at:\n${props.login}`,
    `This link works once, is only for you, and expires in ${props.expiresIn}, on ${props.expiresAt}.`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')

const indent = (note: string) =>
  note
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
