import { browserOf } from '../../views/identity/browser'
import { AccountNewsMail, accountNewsText } from '../../views/mail/account-news'
import { wordsOf } from '../../views/mail/account-news-words'
import type { Env } from '../env'
import type { AboutAccount, AccountNewsLetter } from '../models/mail/letter'
import { type Content, common } from './compose'
import { dateInWords, nameInSubject, withoutLinks } from './words'

/** What happened to somebody's account, to them. */
export function accountNews(env: Env, to: string, { kind, at, about }: AccountNewsLetter): Content {
  const subject = wordsOf(kind, about).heading
  const hrefs = { account: `${env.APP_ORIGIN}/account`, forgot: `${env.APP_ORIGIN}/forgot-password` }
  const props = { ...common(env, { to, subject }), kind, about, facts: factsOf(at, about), ...hrefs }
  return { subject, html: <AccountNewsMail {...props} />, text: accountNewsText(props) }
}

const factsOf = (at: number, { name, userAgent, ip }: AboutAccount) => [
  ...namedOf(nameInSubject(name ?? '')),
  { name: 'When', text: dateInWords(at) },
  ...(userAgent === undefined ? [] : [{ name: 'Browser', text: browserOf(userAgent) }]),
  ...(ip ? [{ name: 'Network', text: ip }] : []),
]

const namedOf = (name: string | undefined) => (name ? [{ name: 'Name', text: withoutLinks(name) }] : [])
