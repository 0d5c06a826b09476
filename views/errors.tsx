import type { IconName } from './components/icon'
import { Message } from './components/message'
import { Toast } from './components/toast'
import type { Words } from './refusals'

const SENTENCES: Record<number, Words> = {
  400: { title: 'That request was not understood', text: 'Go back, load the page again and try once more.' },
  403: { title: 'This is not yours to open', text: 'Ask an admin of your workspace if you need it.' },
  404: { title: 'There is nothing here', text: 'The address may be mistyped, or what stood here is gone.' },
  409: { title: 'This changed in the meantime', text: 'Look at it again before you decide. Nothing was changed.' },
  413: { title: 'That is too much at once', text: 'The form was larger than 64 KiB. Nothing was changed.' },
  429: { title: 'Too many requests', text: 'Wait a minute, then try again.' },
  503: { title: 'Latchkey cannot reach its data', text: 'Nothing was changed. Try again in a moment.' },
}

const SURPRISE = { title: 'Something went wrong', text: 'Nothing more is known here, but the log knows. Try again in a moment.' }

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
          Back to the workspace
        </a>
      </Message>
    </section>
  )
}
