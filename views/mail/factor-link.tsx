import { Address, Button, Fact, Facts, Letter, type LetterProps, LinkInFull, Paragraph } from './letter'

type Common = Pick<LetterProps, 'subject' | 'product'> & {
  to: string
  /** Who asked for it, as a sentence begins with it; null of the operator, or of the person themself. */
  asker: string | null
  askedAt: string
}

type FactorLinkProps = Common & {
  occasion: 'factor_link' | 'factor_reset'
  link: string
  forgot: string
  expiresIn: string
  expiresAt: string
}

const BUTTON = 'Set Up Second Factor'
const PASSWORD = 'You need your password for this. If you do not know it, reset it first. This link still works afterwards.'

const openingOf = ({ occasion, asker, product }: FactorLinkProps) =>
  occasion === 'factor_link'
    ? 'You asked for a link to set up a second factor: a passkey or an authenticator app.'
    : `${asker ?? `The people who run ${product}`} asked us to email you a link to set up a new second factor, in place of the one you lost.`

const consequenceOf = ({ occasion }: FactorLinkProps) =>
  occasion === 'factor_link'
    ? 'Setting it up signs you out on all other devices.'
    : 'Your passkeys, authenticator app, and recovery codes keep working until you have set up a new one. Then they are removed, and you are signed out on all other devices.'

const reasonOf = ({ to, occasion }: FactorLinkProps) =>
  occasion === 'factor_link'
    ? `We sent this email to ${to} because someone who is signed in with it asked for the link. If it was not you, ignore this email and reset your password: someone else may know it.`
    : `We sent this email to ${to} because it is the address of the account. If you did not lose your second factor, ignore this email: nothing has changed.`

export const FactorLinkMail = (props: FactorLinkProps) => (
  <Letter {...props} preview={openingOf(props)} heading={props.subject} footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Paragraph>{consequenceOf(props)}</Paragraph>
    <Button href={props.link}>{BUTTON}</Button>
    <Facts>
      <Fact name="Requested">{props.askedAt}</Fact>
      <Fact name="Expires">
        In {props.expiresIn}, on {props.expiresAt}
      </Fact>
      <Fact name="Forgot your password?">
        <Address href={props.forgot} />
      </Fact>
    </Facts>
    <Paragraph>{PASSWORD}</Paragraph>
    <LinkInFull href={props.link} use="This link works once, and only the newest one works." />
  </Letter>
)

export const factorLinkText = (props: FactorLinkProps) =>
  [
    props.subject,
    openingOf(props),
    consequenceOf(props),
    `${BUTTON}:\n${props.link}`,
    `Requested: ${props.askedAt}`,
    `This link works once, only the newest one works, and it expires in ${props.expiresIn}, on ${props.expiresAt}.`,
    PASSWORD,
    `Forgot your password?\n${props.forgot}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')

/** `host`: where the deployment is found, since no setting has the name of its operator. */
type ElsewhereProps = Common & { host: string; login: string; hasAccount: boolean }

const askedFor = ({ asker }: ElsewhereProps) => `${asker ?? 'Someone'} asked us to reset your second factor. Nothing has changed.`

const whatToDo = ({ host, hasAccount }: ElsewhereProps) =>
  hasAccount
    ? `If you lost it, sign in with one of your recovery codes. If you have none, only the people who run ${host} can reset it. Reply to this email and tell them how they can be sure that it’s you. If you did not lose it, there is nothing to do.`
    : 'There is nothing to reset: you have no account yet. Create one with the link in your invitation.'

const whyElsewhere = ({ to }: ElsewhereProps) =>
  `We sent this email to ${to} because an admin asked about the person with this address.`

export const FactorElsewhereMail = (props: ElsewhereProps) => (
  <Letter {...props} preview={askedFor(props)} heading={props.subject} footer={whyElsewhere(props)}>
    <Paragraph>{askedFor(props)}</Paragraph>
    <Paragraph>{whatToDo(props)}</Paragraph>
    <Facts>
      <Fact name="Requested">{props.askedAt}</Fact>
      <Fact name="Sign in at">
        <Address href={props.login} />
      </Fact>
    </Facts>
  </Letter>
)

export const factorElsewhereText = (props: ElsewhereProps) =>
  [
    props.subject,
    askedFor(props),
    whatToDo(props),
    `Requested: ${props.askedAt}`,
    `Sign in at:\n${props.login}`,
    `--\n${whyElsewhere(props)}`,
  ].join('\n\n')
