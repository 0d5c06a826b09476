import { Button, Letter, type LetterProps, Paragraph } from './letter'

/** `href` leads to what they were given. */
type Props = Pick<LetterProps, 'subject' | 'product' | 'heading'> & {
  to: string
  workspace: string
  login: string
  app: string
  given: boolean
  href: string
}

const answerOf = ({ workspace, app, given }: Props) =>
  given
    ? `An admin of the ${workspace} workspace approved your request. You can now open ${app}.`
    : `An admin of the ${workspace} workspace declined your request for access to ${app}. If you think that is a mistake, ask them.`

const whyOf = ({ to, app }: Props) => `We sent this email to ${to} because you asked for access to ${app}.`

/** What became of a request for access to an app. */
export const AccessAnswerMail = (props: Props) => (
  <Letter {...props} preview={answerOf(props)} footer={whyOf(props)}>
    <Paragraph>{answerOf(props)}</Paragraph>
    {props.given && <Button href={props.href}>Open {props.app}</Button>}
  </Letter>
)

export const accessAnswerText = (props: Props) =>
  [props.heading, answerOf(props), ...(props.given ? [`Open ${props.app}:\n${props.href}`] : []), `--\n${whyOf(props)}`].join(
    '\n\n',
  )
