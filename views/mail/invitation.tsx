import { type Access, accessInWords, ROLES } from '../words'
import { Address, Button, Fact, Facts, Letter, Paragraph, Quiet, Quotation } from './letter'

type Occasion = 'invitation' | 'fresh_invitation' | 'reminder'
export type InvitationProps = {
  /** A fresh one was asked for by the person: the link that is open, or a new one once that has expired. A reminder carries the one that is open. */
  occasion: Occasion
  subject: string
  to: string
  inviter: string
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
  fresh_invitation: ({ inviter, workspace }) => ({
    heading: `Your fresh link to ${workspace}`,
    opening: `${inviter} invited you to the ${workspace} workspace. Here is a link that works.`,
    because: ', and a fresh link was asked for',
  }),
  reminder: ({ inviter, workspace, expiresIn }) => ({
    heading: `Your invitation to ${workspace} expires soon`,
    opening: `${inviter} invited you to the ${workspace} workspace, and the link works for another ${expiresIn}.`,
    because: '. It is the only reminder',
  }),
}

const headingOf = (props: InvitationProps) => WORDS[props.occasion](props).heading
const openingOf = (props: InvitationProps) => `${WORDS[props.occasion](props).opening} ${wayIn(props)}`

const wayIn = ({ hasAccount }: InvitationProps) =>
  hasAccount ? 'Sign in with the account you have, then join.' : 'Set a password, then sign in with it.'

const buttonOf = ({ hasAccount, workspace }: InvitationProps) => (hasAccount ? `Join ${workspace}` : 'Set My Password')

const reasonOf = (props: InvitationProps) =>
  `This email came to ${props.to} because ${props.inviter} invited this address to ${props.workspace}${WORDS[props.occasion](props).because}. If you did not expect it, ignore it: nothing happens, and the link expires on its own.`

export const InvitationMail = (props: InvitationProps) => (
  <Letter subject={props.subject} preview={openingOf(props)} heading={headingOf(props)} footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    {props.note && <Quotation by={props.inviter}>{props.note}</Quotation>}
    <Button href={props.link}>{buttonOf(props)}</Button>
    <Facts>
      <Fact name="Role">
        <strong>{ROLES[props.access.role]}</strong>
      </Fact>
      <Fact name="You will see">{accessInWords(props.access)}</Fact>
      <Fact name="Login address">{props.to}</Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
      <Fact name="Expires">
        In {props.expiresIn}, on {props.expiresAt}
      </Fact>
    </Facts>
    <Quiet>The link works once and is meant for you alone. If the button does not open, copy this address into your browser:</Quiet>
    <Quiet>
      <Address href={props.link} />
    </Quiet>
  </Letter>
)

export const invitationText = (props: InvitationProps) =>
  [
    `${headingOf(props)}`,
    openingOf(props),
    ...(props.note ? [`${props.inviter} writes:\n${indent(props.note)}`] : []),
    `${buttonOf(props)}:\n${props.link}`,
    `Your role: ${ROLES[props.access.role]}\nYou will see: ${accessInWords(props.access)}\nLogin address: ${props.to}`,
    `Sign in later at:\n${props.login}`,
    `The link works once, is meant for you alone, and expires in ${props.expiresIn}, on ${props.expiresAt}.`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')

const indent = (note: string) =>
  note
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
