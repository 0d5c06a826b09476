import type { IconName } from './components/icon'
import { Message } from './components/message'
import { Toast } from './components/toast'
import type { Words } from './refusals'

const SENTENCES: Record<number, Words> = {
  400: { title: 'That request was not understood', text: 'Go back, reload the page and try again.' },
  403: { title: 'You do not have access to this', text: 'Ask an admin of your workspace if you need it.' },
  404: { title: 'Page not found', text: 'Check the address, or look for it from the start page.' },
  409: { title: 'This changed in the meantime', text: 'Nothing was changed. Look at it again before you decide.' },
  413: { title: 'That is too much at once', text: 'The form is larger than 64 KiB. Nothing was changed.' },
  429: { title: 'Too many requests', text: 'Wait a minute, then try again.' },
}

/** While the database cannot be asked, by what is known of the change. */
export const DATABASE_WORDS: Record<'nothing_changed' | 'unavailable' | 'unsure', Words> = {
  nothing_changed: { title: 'Latchkey cannot reach its data', text: 'Nothing was changed. Try again in a moment.' },
  unavailable: { title: 'Latchkey cannot reach its data', text: 'Reload in a moment to see what is there now.' },
  unsure: { title: 'We cannot tell whether this was saved', text: 'Reload before you try again.' },
}

/** So many people sign in or set a password that one more would wait too long. */
export const BUSY_WORDS: Words = {
  title: 'Too many people are signing in',
  text: 'Nothing was changed. Try again in 20 seconds.',
}

/** A form that no page of ours sent, or that a browser sent under another address than the one we know. */
export const crossSiteWords = (origin: string): Words => ({
  title: 'This form did not come from Latchkey',
  text: `Open ${origin} and try again. Nothing was changed.`,
})

/** The page belongs to whoever was signed in when it was shown. */
export const otherPersonWords = (name: string): Words => ({
  title: `You are signed in as ${name} now`,
  text: 'The page before was opened by somebody else in this browser. Nothing was changed.',
})

const SURPRISE = {
  title: 'Something went wrong',
  text: 'Try again in a moment. If it happens again, tell whoever runs Latchkey for you.',
}

const ICONS: Record<number, IconName> = { 403: 'lock', 404: 'search', 409: 'rotate-cw', 429: 'clock' }

export const wordsFor = (status: number): Words => SENTENCES[status] ?? SURPRISE

type Props = { status: number; words: Words; requestId: string; fragment: boolean }

/** A page of its own, or the line that htmx puts into the notice. */
export const ErrorPage = ({ status, words: { title, text }, requestId, fragment }: Props) => {
  if (fragment) return <Toast bad>{`${title}. ${text}`}</Toast>
  return (
    <section id="error">
      <Message icon={ICONS[status] ?? 'circle-alert'} title={title}>
        <p>{text}</p>
        {status >= 500 && <p class="hint">Request {requestId}</p>}
        <a class="button wide" href="/">
          Go to the start page
        </a>
      </Message>
    </section>
  )
}
