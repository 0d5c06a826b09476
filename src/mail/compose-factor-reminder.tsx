import { FactorReminderMail, factorReminderText } from '../../views/mail/factor-reminder'
import type { Env } from '../env'
import type { LetterContext } from '../models/mail/letter'
import { type Content, common } from './compose'
import { dayInWords, nameInSubject, withoutLinks } from './words'

/** To somebody whose workspace asks for a second factor, and who has none. */
export function factorReminder(
  env: Env,
  to: string,
  { workspace, dueAt }: Extract<LetterContext, { kind: 'factor_reminder' }>,
  now: number,
): Content {
  const name = nameInSubject(workspace.name) ?? 'a workspace'
  const day = dueAt > now ? dayInWords(dueAt) : undefined
  const subject = day ? `You need a second factor for ${name} from ${day}` : `You need a second factor for ${name}`
  const page = `${env.APP_ORIGIN}/account/second-factor`
  const props = { ...common(env, { to, subject }), heading: withoutLinks(subject), workspace: withoutLinks(name), day, page }
  return { workspace: name, subject, html: <FactorReminderMail {...props} />, text: factorReminderText(props) }
}
