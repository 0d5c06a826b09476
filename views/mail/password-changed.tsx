import { Address, Button, Fact, Facts, Letter, Paragraph, Quiet } from './letter'

export type PasswordChangedProps = { subject: string; to: string; changedAt: string; login: string; forgot: string }

const OPENING =
  'The password of your account was changed, and its other sessions were ended. If that was you, there is nothing to do.'
const NOT_YOU = 'Set a new one at once: it shuts out whoever changed it. Then tell an admin of your workspace.'

const reasonOf = ({ to }: PasswordChangedProps) =>
  `This email came to ${to} because it is the address of the account. It is sent after every change and cannot be switched off.`

export const PasswordChangedMail = (props: PasswordChangedProps) => (
  <Letter subject={props.subject} preview={OPENING} heading="Your password was changed" footer={reasonOf(props)}>
    <Paragraph>{OPENING}</Paragraph>
    <Facts>
      <Fact name="Changed">{props.changedAt}</Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
    </Facts>
    <Paragraph>
      <strong>Not you?</strong> {NOT_YOU}
    </Paragraph>
    <Button href={props.forgot}>Reset My Password</Button>
    <Quiet>
      Or copy this address into your browser: <Address href={props.forgot} />
    </Quiet>
  </Letter>
)

export const passwordChangedText = (props: PasswordChangedProps) =>
  [
    'Your password was changed',
    OPENING,
    `Changed: ${props.changedAt}`,
    `Sign in at:\n${props.login}`,
    `Not you? ${NOT_YOU}\nReset My Password:\n${props.forgot}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')
