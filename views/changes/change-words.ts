import type { ChangeName, LeftFor } from '../../src/models/changes/change'
import { shownAddress } from '../components/shown-address'
import { listOf, numberOf, peopleInWords } from '../words'

type Words = {
  change: ChangeName
  /** In the bar of the list. */
  button: string
  danger?: true
  /** What it does to so many people, as a title and on its button; `one`: to one alone. */
  title: (who: string, one: boolean) => string
  /** While it goes on. */
  doing: (who: string) => string
  /** What it means for them. */
  meaning: string
  done: (who: string, are: string) => string
  /** Of somebody who needs none of it. */
  already: string
}

const EVERY: Record<ChangeName, Omit<Words, 'change'>> = {
  resend: {
    button: 'Resend',
    title: (who, one) => `Resend the ${one ? 'invitation' : 'invitations'} of ${who}`,
    doing: (who) => `Resending the invitations of ${who}`,
    meaning: 'Each is emailed a new link with its full lifetime. The links in earlier emails stop working.',
    done: (who, are) => `${who} ${are} emailed a new link.`,
    already: 'emailed already',
  },
  cancel: {
    button: 'Cancel invitation',
    title: (who, one) => `Cancel the ${one ? 'invitation' : 'invitations'} of ${who}`,
    doing: (who) => `Cancelling the invitations of ${who}`,
    meaning: 'The links in their emails stop working. You can invite these addresses again at any time.',
    done: (who, are) => `The ${are === 'is' ? 'invitation' : 'invitations'} of ${who} ${are} cancelled.`,
    already: 'cancelled already',
  },
  make_admin: {
    button: 'Make Tenant Admin',
    title: (who, one) => `Make ${who} ${one ? 'a Tenant Admin' : 'Tenant Admins'}`,
    doing: (who) => `Making ${who} Tenant Admins`,
    meaning: 'They see everything in the workspace, and decide what others see.',
    done: (who, are) => `${who} ${are} now ${are === 'is' ? 'a Tenant Admin' : 'Tenant Admins'}.`,
    already: 'a Tenant Admin already',
  },
  make_user: {
    button: 'Make Tenant User',
    title: (who, one) => `Make ${who} ${one ? 'a Tenant User' : 'Tenant Users'}`,
    doing: (who) => `Making ${who} Tenant Users`,
    meaning: 'They lose Access Management, and see what their own settings and the workspace defaults give them.',
    done: (who, are) => `${who} ${are} now ${are === 'is' ? 'a Tenant User' : 'Tenant Users'}.`,
    already: 'a Tenant User already',
  },
  preset: {
    button: 'Give preset',
    title: (who) => `Give a preset to ${who}`,
    doing: (who) => `Giving a preset to ${who}`,
    meaning: 'Its sections, agents and end date become their own settings, in place of those they have.',
    done: (who, are) => `${who} ${are === 'is' ? 'has' : 'have'} the preset.`,
    already: 'has it already',
  },
  end_date: {
    button: 'Set end date',
    title: (who) => `Set the end date of ${who}`,
    doing: (who) => `Setting the end date of ${who}`,
    meaning:
      'After that day they cannot enter this workspace until someone sets a later one. People whose membership has ended come back with it.',
    done: (who) => `The end date of ${who} is set.`,
    already: 'has this end date already',
  },
  disable: {
    button: 'Disable',
    title: (who) => `Disable ${who}`,
    doing: (who) => `Disabling ${who}`,
    meaning:
      'They are signed out of this workspace and cannot enter it until someone enables them. They keep their role and access.',
    done: (who, are) => `${who} ${are} disabled and signed out of this workspace.`,
    already: 'disabled already',
  },
  enable: {
    button: 'Enable',
    title: (who) => `Enable ${who}`,
    doing: (who) => `Enabling ${who}`,
    meaning: 'They can sign in again, with the role and access they had.',
    done: (who, are) => `${who} ${are} enabled and can sign in again.`,
    already: 'active already',
  },
  delete: {
    button: 'Delete',
    danger: true,
    title: (who) => `Delete ${who}`,
    doing: (who) => `Deleting ${who}`,
    meaning:
      'They lose their membership and access here, and are signed out of this workspace. Other workspaces are not affected. This cannot be undone.',
    done: (who, are) => `${who} ${are} deleted from this workspace.`,
    already: 'deleted already',
  },
}

export const wordsOf = (change: ChangeName): Words => ({ change, ...EVERY[change] })

const IN_THE_BAR: ChangeName[] = [
  'resend',
  'cancel',
  'preset',
  'end_date',
  'make_admin',
  'make_user',
  'disable',
  'enable',
  'delete',
]
export const CHANGE_WORDS = IN_THE_BAR.map(wordsOf)

/** *24 people are disabled ...* */
export const doneInWords = (change: ChangeName, people: number) =>
  EVERY[change].done(people === 0 ? 'No one' : peopleInWords(people), people < 2 ? 'is' : 'are')

/** Why somebody is left as they are, behind their name; a reason that only a later release knows is its own word. */
export function reasonInWords(reason: string, change: ChangeName) {
  const words: Record<string, string> = { ...REASONS, already: EVERY[change].already }
  return words[reason] ?? reason
}

const REASONS: Record<Exclude<LeftFor, 'already'>, string> = {
  gone: 'not in this workspace anymore',
  changed: 'changed in the meantime',
  self: 'this is you',
  last_admin: 'the last Tenant Admin',
  pending: 'has not joined yet',
  not_active: 'not active',
  not_disabled: 'not disabled',
  not_pending: 'has no open invitation',
  has_end_date: 'has an end date, which a Tenant Admin cannot have',
  is_admin: 'a Tenant Admin',
  past_end: 'past their end date',
  no_seat: 'no seat is free',
  no_preset: 'the preset was deleted or has ended',
  cannot_be_mailed: 'this address cannot be emailed',
  too_many_mails: 'over today’s email limit',
  too_many_mails_in_all: 'over today’s email limit',
  too_often: 'emailed too often today',
  too_soon: 'emailed less than a minute ago',
}

/** *Disable Bob Okafor*, *Disable 24 people*. */
export function askedInWords(change: ChangeName, people: number, names: string[]) {
  const [name] = people === 1 ? names : []
  return EVERY[change].title(name ? shownAddress(name) : peopleInWords(people), people === 1)
}

/** *Ada Admin, Bob Okafor, and 3 more*. */
export function namesInWords(names: string[], people: number) {
  const [shown, more] = [names.map(shownAddress), people - names.length]
  return listOf(more > 0 ? [...shown, shown.length ? `${numberOf(more)} more` : peopleInWords(more)] : shown)
}
