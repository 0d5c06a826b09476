import type { AboutAccount, AccountNews } from '../../src/models/mail/letter'
import { IF_YOU, wordsOf } from './account-news-words'
import { Address, Fact, Facts, Letter, type LetterProps, NotYou, Paragraph } from './letter'

/** What happened to an account; `facts` are what else is known of it, in words. */
export type AccountNewsProps = Pick<LetterProps, 'subject' | 'product'> & {
  kind: AccountNews
  about: AboutAccount
  to: string
  facts: { name: string; text: string }[]
  account: string
  forgot: string
}

const openingOf = ({ kind, about }: AccountNewsProps) => `${wordsOf(kind, about).opening} ${IF_YOU}`

const reasonOf = ({ kind, about, to }: AccountNewsProps) =>
  `We sent this email to ${to} because it is the address of the account. We send one ${wordsOf(kind, about).because}.`

export const AccountNewsMail = (props: AccountNewsProps) => (
  <Letter {...props} preview={openingOf(props)} heading={props.subject} footer={reasonOf(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Facts>
      {props.facts.map(({ name, text }) => (
        <Fact name={name}>{text}</Fact>
      ))}
      <Fact name="Account">
        <Address href={props.account} />
      </Fact>
    </Facts>
    <NotYou forgot={props.forgot}>{wordsOf(props.kind, props.about).notYou}</NotYou>
  </Letter>
)

export const accountNewsText = (props: AccountNewsProps) =>
  [
    props.subject,
    openingOf(props),
    ...props.facts.map(({ name, text }) => `${name}: ${text}`),
    `Account:\n${props.account}`,
    `Not you? ${wordsOf(props.kind, props.about).notYou}\nReset My Password:\n${props.forgot}`,
    `--\n${reasonOf(props)}`,
  ].join('\n\n')
