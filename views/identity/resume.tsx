import { Icon } from '../components/icon'
import { draftInWords, type Line } from './resume-words'

type Draft = { action: string; page: string; fields: [string, string][] }

export const resumeTitle = (confirmed?: boolean) => (confirmed ? 'Continue?' : 'Send this now?')

type Props = { draft: Draft; shown: [string, string][]; confirmed?: boolean }

/**
 * A form that came after its session or, `confirmed`, before its person had proven anew who they are; not yet sent. `shown` are the fields that
 * somebody changed or filled in.
 */
export const ResumePage = ({ draft, shown, confirmed }: Props) => (
  <section id="resume">
    <div class="card stack">
      <h1>{resumeTitle(confirmed)}</h1>
      <p>
        {confirmed
          ? 'You confirmed it’s you. Nothing is sent until you choose Continue.'
          : 'You were signed out before this was sent.'}
      </p>
      {shown.length > 0 && <Entered lines={draftInWords(shown)} />}
      <form class="form" method="post" action={draft.action} hx-disable="find button">
        {draft.fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class="button primary wide">
          {!confirmed && <Icon name="send" />}
          {confirmed ? 'Continue' : 'Send now'}
        </button>
      </form>
    </div>
    <p class="after">
      <a href={draft.page}>{confirmed ? 'Go back' : 'Continue without sending'}</a>
    </p>
  </section>
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
