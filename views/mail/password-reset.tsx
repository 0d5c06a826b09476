import { Address, Button, Fact, Facts, Letter, type LetterProps, Paragraph, Quiet } from './letter'

type PasswordResetProps = Pick<LetterProps, 'subject' | 'product'> & {
  to: string
  link: string
  login: string
  askedAt: string
  expiresIn: string
  expiresAt: string
}

const OPENING = 'We received a request to reset your password. Setting a new one signs you out on all devices.'

const reasonOf = ({ to }: PasswordResetProps) =>
  `We sent this email to ${to} because someone requested a password reset on the sign-in page. If it was not you, ignore it: your password has not changed.`

export const PasswordResetMail = (props: PasswordResetProps) => (
  <Letter {...props} preview={OPENING} heading="Set a new password" footer={reasonOf(props)}>
    <Paragraph>{OPENING}</Paragraph>
    <Button href={props.link}>Set My Password</Button>
    <Facts>
      <Fact name="Requested">{props.askedAt}</Fact>
      <Fact name="Expires">
        In {props.expiresIn}, on {props.expiresAt}
      </Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
    </Facts>
    <Quiet>
      This link works once, and only the newest one works. If the button does not work, copy this address into your browser:
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
    `Requested: ${props.askedAt}`,
    `This link works once, only the newest one works, and it expires in ${props.expiresIn}, on ${props.expiresAt}.`,
    `Sign in at:\n${props.login}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')
