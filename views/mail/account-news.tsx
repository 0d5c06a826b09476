import type { AccountNews } from '../../src/models/mail/letter'
import { Address, Button, Fact, Facts, Letter, type LetterProps, Paragraph, Quiet } from './letter'

/** What happened to an account; `facts` are what else is known of it, in words. */
export type AccountNewsProps = Pick<LetterProps, 'subject' | 'product'> & {
  kind: AccountNews
  to: string
  facts: { name: string; text: string }[]
  account: string
  forgot: string
}

type Words = { heading: string; opening: string; because: string }

/** The heading is the subject, too. */
export const NEWS: Record<AccountNews, Words> = {
  factor_added: {
    heading: 'A second factor was added to your account',
    opening: 'From now on you are asked for it when you sign in. If you added it, there is nothing more to do.',
    because: 'after every new second factor',
  },
  factor_removed: {
    heading: 'A second factor was removed from your account',
    opening: 'It no longer signs you in. If you removed it, there is nothing more to do.',
    because: 'after every second factor that is removed',
  },
  recovery_codes_made: {
    heading: 'You have new recovery codes',
    opening: 'Your earlier codes no longer work. If you made the new ones, there is nothing more to do.',
    because: 'after every new set of recovery codes',
  },
  recovery_code_used: {
    heading: 'A recovery code was used',
    opening: 'Someone signed in with one of your recovery codes. If it was you, there is nothing more to do.',
    because: 'after every recovery code that is used',
  },
  new_browser: {
    heading: 'New sign-in to your account',
    opening: 'Someone signed in from a browser that you had not used here before. If it was you, there is nothing more to do.',
    because: 'after every sign-in from a new browser',
  },
}

const NOT_YOU = 'Reset your password now, which ends every session. Then tell an admin of your workspace.'

const reasonOf = ({ kind, to }: AccountNewsProps) =>
  `We sent this email to ${to} because it is the address of the account. We send one ${NEWS[kind].because}.`

export const AccountNewsMail = (props: AccountNewsProps) => (
  <Letter {...props} preview={NEWS[props.kind].opening} heading={NEWS[props.kind].heading} footer={reasonOf(props)}>
    <Paragraph>{NEWS[props.kind].opening}</Paragraph>
    <Facts>
      {props.facts.map(({ name, text }) => (
        <Fact name={name}>{text}</Fact>
      ))}
      <Fact name="Your account">
        <Address href={props.account} />
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

export const accountNewsText = (props: AccountNewsProps) =>
  [
    NEWS[props.kind].heading,
    NEWS[props.kind].opening,
    ...props.facts.map(({ name, text }) => `${name}: ${text}`),
    `Your account:\n${props.account}`,
    `Not you? ${NOT_YOU}\nReset My Password:\n${props.forgot}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')
