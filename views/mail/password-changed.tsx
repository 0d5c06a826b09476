import { Address, Fact, Facts, Letter, type LetterProps, NotYou, Paragraph } from './letter'

type PasswordChangedProps = Pick<LetterProps, 'subject' | 'product'> & {
  to: string
  changedAt: string
  /** They had none before, and signed in with a passkey. */
  first: boolean
  login: string
  forgot: string
}

const headingOf = ({ first }: PasswordChangedProps) => (first ? 'Your account has a password now' : 'Your password was changed')

const openingOf = ({ first }: PasswordChangedProps) =>
  `${first ? 'A password was set' : 'Your password was changed'}, and your other sessions were signed out. If you did this, there is nothing more to do.`

const NOT_YOU = 'Reset your password now. That signs out whoever changed it. Then tell an admin of your workspace.'

const reasonOf = ({ to }: PasswordChangedProps) =>
  `We sent this email to ${to} because it is the address of the account. We send one after every password change.`

export const PasswordChangedMail = (props: PasswordChangedProps) => (
  <Letter {...props} preview={openingOf(props)} heading={headingOf(props)} footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Facts>
      <Fact name="When">{props.changedAt}</Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
    </Facts>
    <NotYou forgot={props.forgot}>{NOT_YOU}</NotYou>
  </Letter>
)

export const passwordChangedText = (props: PasswordChangedProps) =>
  [
    headingOf(props),
    openingOf(props),
    `When: ${props.changedAt}`,
    `Sign in at:\n${props.login}`,
    `Not you? ${NOT_YOU}\nReset My Password:\n${props.forgot}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')
