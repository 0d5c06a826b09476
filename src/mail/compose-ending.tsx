import { shownAddress } from '../../views/components/shown-address'
import { EndingMail, EndingsMail, endingsInWords, endingsText, endingText } from '../../views/mail/ending'
import type { Env } from '../env'
import type { LetterContext } from '../models/mail/letter'
import { pathsIn, withQuery } from '../paths'
import { dateInWords, lastDayInWords, nameInSubject, withoutLinks } from './words'

type Of<Kind> = Extract<LetterContext, { kind: Kind }>

/** To somebody whose membership ends soon. */
export function ending(env: Env, to: string, { workspace, endsAt }: Of<'ending'>) {
  const [name, day] = [nameInSubject(workspace.name) ?? 'a workspace', lastDayInWords(endsAt)]
  const subject = `Your access to ${name} ends on ${day}`
  const words = { subject, heading: withoutLinks(subject), workspace: withoutLinks(name), day, endsAt: dateInWords(endsAt) }
  const props = { ...words, to, product: env.MAIL_FROM_NAME, workspaces: `${env.APP_ORIGIN}/workspaces` }
  return { workspace: name, subject, html: <EndingMail {...props} />, text: endingText(props) }
}

/** To an admin, of all of them. */
export function endings(env: Env, to: string, { workspace, people, more }: Of<'endings'>) {
  const name = nameInSubject(workspace.name) ?? 'a workspace'
  const pages = pathsIn(workspace.id)
  const named = people.map((one) => ({ ...one, who: (one.name && nameInSubject(one.name)) || shownAddress(one.email) }))
  const [first] = named
  const count = people.length + more
  const subject = endingsInWords({ who: first?.who ?? '', day: lastDayInWords(first?.endsAt ?? 0), count, workspace: name })
  const facts = named.map(({ who, email, endsAt, memberId }) => ({
    who: withoutLinks(who === shownAddress(email) ? who : `${who} (${shownAddress(email)})`),
    day: lastDayInWords(endsAt),
    href: `${env.APP_ORIGIN}${pages.member(memberId)}`,
  }))
  const words = { subject, heading: withoutLinks(subject), workspace: withoutLinks(name) }
  const users = `${env.APP_ORIGIN}${withQuery(pages.users, { status: 'attention' })}`
  const props = { ...words, to, product: env.MAIL_FROM_NAME, people: facts, more, users, choice: `${env.APP_ORIGIN}/workspaces` }
  return { workspace: name, subject, html: <EndingsMail {...props} />, text: endingsText(props) }
}
