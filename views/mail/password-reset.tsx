import { Address, Button, Fact, Facts, Letter, type LetterProps, LinkInFull, Paragraph } from './letter'

type Occasion = 'password_reset' | 'address_confirmation'
type PasswordResetProps = Pick<LetterProps, 'subject' | 'product'> & {
  /** What the link was asked for; what it does is the same. */
  occasion: Occasion
  to: string
  link: string
  login: string
  askedAt: string
  expiresIn: string
  expiresAt: string
}

const WORDS: Record<Occasion, { heading: string; opening: string; button: string; because: string }> = {
  password_reset: {
    heading: 'Set a new password',
    opening: 'We received a request to reset your password. Setting a new one signs you out on all devices.',
    button: 'Set My Password',
    because:
      'because someone requested a password reset on the sign-in page. If it was not you, ignore it: your password has not changed.',
  },
  address_confirmation: {
    heading: 'Confirm your address',
    opening: 'Confirm that this address is yours by setting a new password. That signs you out on all devices.',
    button: 'Confirm My Address',
    because:
      'because someone signed in with this address asked to confirm it. If it was not you, the account was made by someone else: the link makes it yours.',
  },
}

const reasonOf = ({ occasion, to }: PasswordResetProps) => `We sent this email to ${to} ${WORDS[occasion].because}`

export const PasswordResetMail = (props: PasswordResetProps) => (
  <Letter {...props} preview={WORDS[props.occasion].opening} heading={WORDS[props.occasion].heading} footer={reasonOf(props)}>
    <Paragraph>{WORDS[props.occasion].opening}</Paragraph>
    <Button href={props.link}>{WORDS[props.occasion].button}</Button>
    <Facts>
      <Fact name="Requested">{props.askedAt}</Fact>
      <Fact name="Expires">
        In {props.expiresIn}, on {props.expiresAt}
      </Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
    </Facts>
    <LinkInFull href={props.link} use="This link works once, and only the newest one works." />
  </Letter>
)

export const passwordResetText = (props: PasswordResetProps) =>
  [
    WORDS[props.occasion].heading,
    WORDS[props.occasion].opening,
    `${WORDS[props.occasion].button}:\n${props.link}`,
    `Requested: ${props.askedAt}`,
    `This link works once, only the newest one works, and it expires in ${props.expiresIn}, on ${props.expiresAt}.`,
    `Sign in at:\n${props.login}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')
