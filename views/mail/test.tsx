import { Address, Fact, Facts, Letter, type LetterProps, Paragraph } from './letter'

type TestProps = Pick<LetterProps, 'subject' | 'product'> & { to: string; workspace: string; sentAt: string; checks: string }

const openingOf = ({ workspace }: TestProps) => `Email from ${workspace} reaches you. Invitations come from the same sender.`
const LOOK = 'If this email landed in spam, invitations will too. The Checks page shows what to fix.'

const reasonOf = ({ to, workspace }: TestProps) =>
  `We sent this email to ${to} because you requested it on the Checks page of ${workspace}.`

export const TestMail = (props: TestProps) => (
  <Letter {...props} preview={openingOf(props)} heading="It works" footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Paragraph>{LOOK}</Paragraph>
    <Facts>
      <Fact name="Sent">{props.sentAt}</Fact>
      <Fact name="Checks">
        <Address href={props.checks} />
      </Fact>
    </Facts>
  </Letter>
)

export const testText = (props: TestProps) =>
  ['It works', openingOf(props), LOOK, `Sent: ${props.sentAt}`, `Checks:\n${props.checks}`, `--\n${reasonOf(props)}`].join('\n\n')
