import { FactorElsewhereMail, FactorLinkMail, factorElsewhereText, factorLinkText } from '../../views/mail/factor-link'
import type { Env } from '../env'
import type { FactorLetter } from '../models/mail/letter'
import { type Content, common, expiry, linkOf } from './compose'
import { dateInWords, nameInSubject, withoutLinks } from './words'

/** A link to set up a second factor, or that only the operator can help. */
export async function factorMail(env: Env, to: string, letter: FactorLetter, now: number): Promise<Content> {
  const who = letter.kind === 'factor_link' ? null : asker(letter.workspace)
  const askedAt = dateInWords(letter.askedAt)
  if (letter.kind === 'factor_reset_elsewhere') {
    const subject = 'Someone asked to reset your second factor'
    const { host } = new URL(env.APP_ORIGIN)
    const props = { ...common(env, { to, subject }), asker: who, askedAt, host, hasAccount: letter.hasAccount }
    return { subject, html: <FactorElsewhereMail {...props} />, text: factorElsewhereText(props) }
  }
  const subject = letter.kind === 'factor_link' ? 'Set up your second factor' : 'Set up a new second factor'
  const link = await linkOf(env, env.FACTOR_LINK_KEYS, 'factor_link', letter.link, now)
  const forgot = `${env.APP_ORIGIN}/forgot-password`
  const props = {
    ...common(env, { to, subject }),
    ...expiry(letter.link, now),
    occasion: letter.kind,
    asker: who,
    askedAt,
    link,
    forgot,
  }
  return { subject, html: <FactorLinkMail {...props} />, text: factorLinkText(props) }
}

/** As a sentence begins with it; null of the operator. */
function asker(workspace: string | null) {
  const name = workspace && nameInSubject(workspace)
  return name ? `An admin of ${withoutLinks(name)}` : null
}
