import { Icon } from '../components/icon'
import { draftInWords } from './resume-words'

type Draft = { action: string; page: string; fields: [string, string][] }

/** A form that came after its session, not yet sent. `shown` are the fields that somebody typed or chose. */
export const ResumePage = ({ draft, shown }: { draft: Draft; shown: [string, string][] }) => (
  <section id="resume">
    <div class="card stack">
      <h1>Send this now?</h1>
      <p>You were signed out before it was sent. This is what you entered:</p>
      <dl class="facts">
        {draftInWords(shown).map(({ label, text }) => (
          <>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
      <form class="form" method="post" action={draft.action} hx-disable="find button">
        {draft.fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class="button primary wide">
          <Icon name="send" />
          Send it now
        </button>
      </form>
    </div>
    <p class="after">
      <a href={draft.page}>Go on without sending it</a>
    </p>
  </section>
)
