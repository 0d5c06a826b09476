import { AccessAnswerMail, accessAnswerText } from '../../views/mail/access-answer'
import type { Env } from '../env'
import type { AboutAccess, LetterContext } from '../models/mail/letter'
import { pathsIn } from '../paths'
import { nameInSubject, withoutLinks } from './words'

type Of<Kind> = Extract<LetterContext, { kind: Kind }>

/** To whoever asked for access to an app. */
export function accessAnswer(env: Env, to: string, { kind, workspace, app: asked }: Of<'access_given' | 'access_declined'>) {
  const [name, app] = [nameInSubject(workspace.name) ?? 'a workspace', nameInSubject(asked.app ?? '') ?? 'an app']
  const given = kind === 'access_given'
  const subject = given ? `You now have access to ${app}` : `Your request for access to ${app} was declined`
  const words = {
    subject,
    heading: withoutLinks(subject),
    workspace: withoutLinks(name),
    app: withoutLinks(app),
    given,
    href: env.APP_ORIGIN + pageOf(workspace.id, asked),
  }
  const props = { ...words, to, product: env.MAIL_FROM_NAME, login: `${env.APP_ORIGIN}/login` }
  return { workspace: name, subject, html: <AccessAnswerMail {...props} />, text: accessAnswerText(props) }
}

/** The page that leads to the tool. */
function pageOf(workspace: string, { section, agent }: AboutAccess) {
  const to = pathsIn(workspace)
  if (agent) return to.agent(agent)
  return section && section !== 'agents' ? to.section(section) : to.agents
}
