import { Address, Fact, Facts, Letter, Paragraph } from './letter'

export type TestProps = { subject: string; to: string; workspace: string; sentAt: string; check: string }

const openingOf = ({ workspace }: TestProps) => `Email from ${workspace} reaches you. Invitations come from the same sender.`
const LOOK = 'If this one landed in spam, theirs will too: the mailbox check says what to fix.'

const reasonOf = ({ to, workspace }: TestProps) =>
  `This email came to ${to} because you asked for it in the mailbox check of ${workspace}.`

export const TestMail = (props: TestProps) => (
  <Letter subject={props.subject} preview={openingOf(props)} heading="It works" footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Paragraph>{LOOK}</Paragraph>
    <Facts>
      <Fact name="Sent">{props.sentAt}</Fact>
      <Fact name="Check">
        <Address href={props.check} />
      </Fact>
    </Facts>
  </Letter>
)

export const testText = (props: TestProps) =>
  ['It works', openingOf(props), LOOK, `Sent: ${props.sentAt}`, `Mailbox check:\n${props.check}`, `--\n${reasonOf(props)}`].join(
    '\n\n',
  )
