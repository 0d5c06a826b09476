import { browserOf } from '../../views/identity/browser'
import { AccountNewsMail, accountNewsText, NEWS } from '../../views/mail/account-news'
import type { Env } from '../env'
import type { AccountNewsLetter } from '../models/mail/letter'
import { type Content, common } from './compose'
import { dateInWords, withoutLinks } from './words'

/** What happened to somebody's account, to them. */
export function accountNews(env: Env, to: string, { kind, at, about }: AccountNewsLetter): Content {
  const subject = NEWS[kind].heading
  const facts = [
    { name: 'When', text: dateInWords(at) },
    ...(about.factor ? [{ name: 'Factor', text: about.factor === 'totp' ? 'Authenticator app' : 'Passkey' }] : []),
    ...(about.name ? [{ name: 'Name', text: withoutLinks(about.name) }] : []),
    ...(about.userAgent === undefined ? [] : [{ name: 'Browser', text: browserOf(about.userAgent) }]),
    ...(about.ip ? [{ name: 'Network', text: about.ip }] : []),
  ]
  const hrefs = { account: `${env.APP_ORIGIN}/account`, forgot: `${env.APP_ORIGIN}/forgot-password` }
  const props = { ...common(env, { to, subject }), kind, facts, ...hrefs }
  return { subject, html: <AccountNewsMail {...props} />, text: accountNewsText(props) }
}
