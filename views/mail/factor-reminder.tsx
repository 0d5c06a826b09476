import { Button, Letter, type LetterProps, LinkInFull, Paragraph } from './letter'

type Props = Pick<LetterProps, 'subject' | 'product' | 'heading'> & {
  to: string
  workspace: string
  /** *7 Dec 2026*, in UTC; undefined where they need one already. */
  day: string | undefined
  /** Where it is set up. */
  page: string
}

const BUTTON = 'Set Up Second Factor'
const HOW = 'It takes a minute: a passkey on your phone or computer, or an authenticator app.'

const openingOf = ({ workspace, day }: Props) =>
  day
    ? `From ${day}, you need a second factor in addition to your password to open ${workspace}. You have none yet.`
    : `You need a second factor in addition to your password to open ${workspace}. You have none yet.`

const becauseOf = ({ to, workspace }: Props) => `We sent this email to ${to} because ${workspace} requires a second factor.`

export const FactorReminderMail = (props: Props) => (
  <Letter {...props} preview={openingOf(props)} footer={becauseOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Paragraph>{HOW}</Paragraph>
    <Button href={props.page}>{BUTTON}</Button>
    <LinkInFull href={props.page} use="You are asked to sign in first." />
  </Letter>
)

export const factorReminderText = (props: Props) =>
  [props.heading, openingOf(props), HOW, `${BUTTON}:\n${props.page}`, `--\n${becauseOf(props)}`].join('\n\n')
