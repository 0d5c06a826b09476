import { Address, Button, Fact, Facts, Letter, Paragraph, Quiet } from './letter'

export type PasswordResetProps = { subject: string; to: string; link: string; login: string; expiresIn: string; expiresAt: string }

const OPENING =
  'Somebody, hopefully you, asked to set a new password for this address. Choose one here; it ends every session you have open.'

const reasonOf = ({ to }: PasswordResetProps) =>
  `This email came to ${to} because a password reset was asked for on the sign-in page. If it was not you, ignore it: your password stays as it is.`

export const PasswordResetMail = (props: PasswordResetProps) => (
  <Letter subject={props.subject} preview={OPENING} heading="Set a new password" footer={reasonOf(props)}>
    <Paragraph>{OPENING}</Paragraph>
    <Button href={props.link}>Set My Password</Button>
    <Facts>
      <Fact name="Expires">
        In {props.expiresIn}, on {props.expiresAt}
      </Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
    </Facts>
    <Quiet>
      The link works once, and only the newest one works. If the button does not open, copy this address into your browser:
    </Quiet>
    <Quiet>
      <Address href={props.link} />
    </Quiet>
  </Letter>
)

export const passwordResetText = (props: PasswordResetProps) =>
  [
    'Set a new password',
    OPENING,
    `Set My Password:\n${props.link}`,
    `The link works once, only the newest one works, and it expires in ${props.expiresIn}, on ${props.expiresAt}.`,
    `Sign in at:\n${props.login}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')
