import type { IconName } from './components/icon'
import { Message } from './components/message'
import { Toast } from './components/toast'
import type { Words } from './refusals'
import { either } from './words'

const SENTENCES: Record<number, Words> = {
  400: { title: 'We could not read that request', text: 'Reload the page you came from and try again.' },
  403: noAccessWords([]),
  404: { title: 'Page not found', text: 'This page does not exist or was removed.' },
  409: { title: 'This changed in the meantime', text: 'Nothing was changed. Reload the page to see how it is now.' },
  413: {
    title: 'This form is too large',
    text: 'A form can have up to 64 KiB, and a list of people up to 1 MiB. Nothing was changed.',
  },
  429: { title: 'Too many requests', text: 'Wait a minute, then try again.' },
}

/** `admins` is empty where nobody was looked up. */
export function noAccessWords(admins: string[]): Words {
  return {
    title: 'You do not have access to this page',
    text: `If you need it, ask ${admins.length > 0 ? either(admins) : 'an admin of your workspace'}.`,
  }
}

/** Somebody whose membership is past its end, perhaps while its page was open. */
export const endedWords = (workspace: string): Words => ({
  title: `Your membership in ${workspace} has ended`,
  text: 'Nothing was changed. An admin of the workspace can extend it.',
})

/** While the database cannot be asked, by what is known of the change. */
export const DATABASE_WORDS: Record<'nothing_changed' | 'unavailable' | 'unsure', Words> = {
  nothing_changed: { title: 'Latchkey is unavailable right now', text: 'Nothing was changed. Try again in a moment.' },
  unavailable: { title: 'Latchkey is unavailable right now', text: 'Try again in a moment to see how things are now.' },
  unsure: { title: 'We cannot tell whether this was saved', text: 'Reload before you try again.' },
}

/** So many people sign in or set a password that one more would wait too long. */
export const BUSY_WORDS: Words = {
  title: 'Too many people are signing in',
  text: 'Nothing was changed. Try again in 20 seconds.',
}

/** The key that opens the secret of somebody's authenticator app is gone (docs/operations.md). */
export const UNREADABLE_TOTP_SECRET_WORDS: Words = {
  title: 'We cannot check the code of your app right now',
  text: 'Use a passkey or a recovery code instead, and tell whoever runs Latchkey for you. Nothing is wrong with your app.',
}

/** A form that no page of ours sent, or that a browser sent under another address than the one we know. */
export const crossSiteWords = (origin: string): Words => ({
  title: 'This form did not come from Latchkey',
  text: `Open ${origin} and try again. Nothing was changed.`,
})

/** The page belongs to whoever was signed in when it was shown. */
export const otherPersonWords = (name: string): Words => ({
  title: `You are signed in as ${name} now`,
  text: 'Someone else opened that page in this browser. Nothing was changed.',
})

/** Whoever asks, and whatever is wrong with it. */
export const UNKNOWN_APP_WORDS: Words = {
  title: 'This app is not known here',
  text: 'Go back to it and try again. If it happens again, ask an admin of your workspace to check how it is connected.',
}

const SURPRISE = {
  title: 'Something went wrong on our side',
  text: 'Try again in a moment. If it happens again, send the request ID to whoever runs Latchkey for you.',
}

const ICONS: Record<number, IconName> = { 403: 'lock', 404: 'search', 409: 'rotate-cw', 429: 'clock' }

export const wordsFor = (status: number): Words => SENTENCES[status] ?? SURPRISE

/** Where to go from here: the page that was wanted, or the one that a form came from. */
export type Way = { href: string; text: string }

type Props = { status: number; words: Words; requestId: string; fragment: boolean; way: Way | undefined }

/** A page of its own, or the line that htmx puts into the notice. */
export const ErrorPage = ({ status, words: { title, text }, requestId, fragment, way }: Props) => {
  const request = status >= 500 ? `Request ID: ${requestId}` : ''
  if (fragment) return <Toast bad>{`${title}. ${text} ${request}`.trim()}</Toast>
  return (
    <section id="error">
      <Message icon={ICONS[status] ?? 'circle-alert'} title={title}>
        <p>{text}</p>
        {request && <p class="hint">{request}</p>}
        {way && (
          <a class="button primary wide" href={way.href}>
            {way.text}
          </a>
        )}
        <a class="button wide" href="/">
          Go to the home page
        </a>
      </Message>
    </section>
  )
}
