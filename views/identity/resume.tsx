import { Icon } from '../components/icon'
import { draftInWords, type Line } from './resume-words'

type Draft = { action: string; page: string; fields: [string, string][] }

/**
 * Why somebody gets a form back. `signed_out`: it came after its session. `confirmed`: they have proven anew who they are, and it goes on.
 * `before`: so they had before, so that it may have been sent then.
 */
export type Resumed = 'signed_out' | 'confirmed' | 'before'

type Words = { title: string; text: string; alone?: string; button: string; back: string }

const WORDS: Record<Resumed, Words> = {
  signed_out: {
    title: 'Send this now?',
    text: 'You were signed out before this was sent.',
    button: 'Send now',
    back: 'Continue without sending',
  },
  confirmed: {
    title: 'Continuing…',
    text: 'You confirmed it’s you. This is being sent now.',
    alone: 'You confirmed it’s you. Nothing is sent until you choose Continue.',
    button: 'Continue',
    back: 'Go back',
  },
  before: {
    title: 'Continue?',
    text: 'This may have been sent already. Continue only if it was not.',
    button: 'Continue',
    back: 'Go back',
  },
}

const DOWNLOAD: Words = {
  title: 'Downloading…',
  text: 'You confirmed it’s you. Your download is starting.',
  alone: 'You confirmed it’s you. Your file is ready to download.',
  button: 'Download',
  back: 'Go back',
}

/** A file is no page: the one that asked for it stays. */
const isFile = ({ action }: Pick<Draft, 'action'>) => /\/export$|\.csv$/.test(action)

const wordsFor = (draft: Draft, why: Resumed) => (why === 'confirmed' && isFile(draft) ? DOWNLOAD : WORDS[why])

export const resumeTitle = (draft: Draft, why: Resumed) => wordsFor(draft, why).title

type Props = { draft: Draft; shown: [string, string][]; why: Resumed }

/** A form that could not be sent when it was, and is sent from here. `shown` are the fields that somebody changed or filled in. */
export const ResumePage = ({ draft, shown, why }: Props) => {
  const { title, text, alone, button, back } = wordsFor(draft, why)
  return (
    <section id="resume" class="narrow" data-page={draft.page}>
      <div class="card stack">
        <h1>{title}</h1>
        {alone ? <Going text={text} alone={alone} /> : <p>{text}</p>}
        {shown.length > 0 && <Entered lines={draftInWords(shown)} />}
        <form
          class="form"
          method={draft.action.endsWith('.csv') ? 'get' : 'post'}
          action={draft.action}
          hx-disable="find button"
          data-continue={why === 'confirmed' ? '' : undefined}
          data-download={isFile(draft) ? '' : undefined}
        >
          {draft.fields.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <button class="button primary wide">
            {why === 'signed_out' && <Icon name="send" />}
            {button}
          </button>
        </form>
      </div>
      <p class="after">
        <a href={draft.page}>{back}</a>
      </p>
    </section>
  )
}

/** Without a script it goes nowhere before somebody presses the button. */
const Going = ({ text, alone }: { text: string; alone: string }) => (
  <p>
    <span class="with-script">{text}</span>
    <span class="without-script">{alone}</span>
  </p>
)

const Entered = ({ lines }: { lines: Line[] }) => (
  <dl class="facts">
    {lines.map(({ label, text }) => (
      <>
        <dt>{label}</dt>
        <dd>{text}</dd>
      </>
    ))}
  </dl>
)
