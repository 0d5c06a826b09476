import { Button, Fact, Facts, Letter, type LetterProps, LinkInFull, Paragraph } from './letter'

type Props = Pick<LetterProps, 'subject' | 'product'> & { to: string; workspace: string; login: string }
type JoinProps = Props & { hasAccount: boolean; link: string; expiresIn: string; expiresAt: string }
type AnswerProps = Props & { approved: boolean; href: string }

const openingOf = ({ workspace, hasAccount }: JoinProps) =>
  `Someone entered your email address to join the ${workspace} workspace. ${
    hasAccount ? 'If it was you, sign in with your existing account to join.' : 'If it was you, continue with the link below.'
  }`

const buttonOf = ({ hasAccount, workspace }: JoinProps) => (hasAccount ? `Join ${workspace}` : 'Confirm my address')

const reasonOf = ({ to }: Props) =>
  `We sent this email to ${to} because someone entered this address on a page for joining a workspace. If it was not you, ignore it: nothing happens.`

export const JoinMail = (props: JoinProps) => (
  <Letter {...props} preview={openingOf(props)} heading={`Join ${props.workspace}`} footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Button href={props.link}>{buttonOf(props)}</Button>
    <Facts>
      <Fact name="Sign in with">{props.to}</Fact>
      <Fact name="Expires">
        In {props.expiresIn}, on {props.expiresAt}
      </Fact>
    </Facts>
    <LinkInFull href={props.link} use="This link works once and is only for you." />
  </Letter>
)

export const joinText = (props: JoinProps) =>
  [
    `Join ${props.workspace}`,
    openingOf(props),
    `${buttonOf(props)}:\n${props.link}`,
    `Sign in with: ${props.to}`,
    `This link works once, is only for you, and expires in ${props.expiresIn}, on ${props.expiresAt}.`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')

const answerOf = ({ workspace, approved }: AnswerProps) =>
  approved
    ? `An admin approved your request. You are now a member of the ${workspace} workspace. Sign in with your existing account.`
    : `An admin declined your request to join the ${workspace} workspace. If you think that is a mistake, ask them.`

const whyOf = ({ to, workspace }: AnswerProps) => `We sent this email to ${to} because you asked to join ${workspace}.`

/** What became of a request. Whoever has no account yet is emailed an invitation instead. */
export const JoinAnswerMail = (props: AnswerProps) => (
  <Letter {...props} preview={answerOf(props)} heading={props.subject} footer={whyOf(props)}>
    <Paragraph>{answerOf(props)}</Paragraph>
    {props.approved && <Button href={props.href}>Open {props.workspace}</Button>}
  </Letter>
)

export const joinAnswerText = (props: AnswerProps) =>
  [
    props.subject,
    answerOf(props),
    ...(props.approved ? [`Open ${props.workspace}:\n${props.href}`] : []),
    `--\n${whyOf(props)}`,
  ].join('\n\n')
