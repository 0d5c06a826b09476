import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { shownAddress } from '../components/shown-address'
import { DateAndTime } from '../components/when'

/** `next`: where their owner goes on to. */
type Props = { codes: string[]; email: string; next: string; now: number }

/** The only time that the codes can be read: what is kept are fingerprints. It is made to be printed, too. */
export const RecoveryCodesPage = ({ codes, email, next, now }: Props) => (
  <section id="recovery-codes" class="narrow">
    <PageHead
      title="Save your recovery codes"
      lead="They get you in if you lose your phone or passkey. Each works once. They are shown only once."
    />
    <form class="panel form" method="post" action="/account/recovery-codes/download">
      <div class="field codes">
        <label for="codes">Recovery codes for {shownAddress(email)}</label>
        <textarea id="codes" name="codes" rows={codes.length} readonly spellcheck={false} autocomplete="off">
          {codes.join('\n')}
        </textarea>
        <p class="hint">
          Made on <DateAndTime at={now} />.
        </p>
        <p class="hint" role="status" id="codes-copied"></p>
      </div>
      <Keep />
      <footer>
        <span>Keep them where you can reach them without your phone.</span>
        <a class="button primary" href={next}>
          I have saved them
        </a>
      </footer>
    </form>
  </section>
)

/** By whichever way they like. */
const Keep = () => (
  <div class="buttons">
    <button type="button" class="button with-script" data-copy="codes">
      <Icon name="copy" />
      <span>Copy</span>
    </button>
    <button class="button">
      <Icon name="download" />
      Download
    </button>
    <button type="button" class="button with-script" data-print>
      <Icon name="printer" />
      Print
    </button>
  </div>
)
