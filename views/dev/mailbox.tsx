import type { KeptLetter } from '../../src/dev/mailbox'
import { Empty } from '../components/empty'
import { PageHead } from '../components/page-head'
import { exactly } from '../components/when'

type MailboxProps = { letters: KeptLetter[]; open: KeptLetter | undefined }

export const MailboxPage = ({ letters, open }: MailboxProps) => (
  <>
    <link rel="stylesheet" href="/dev/mailbox.css" />
    <PageHead title="Mailbox" lead="Every email of this development server, newest first. None of it leaves this machine." />
    {open ? (
      <div class="mailroom">
        <nav aria-label="Emails">
          {letters.map((letter) => (
            <Envelope letter={letter} current={letter.id === open.id} />
          ))}
        </nav>
        <OpenLetter letter={open} />
      </div>
    ) : (
      <Empty icon="mail" title="No email yet">
        <p>Invite somebody or ask for a new password, and the email appears here.</p>
      </Empty>
    )}
  </>
)

const Envelope = ({ letter, current }: { letter: KeptLetter; current: boolean }) => (
  <a href={`/dev/mailbox?open=${letter.id}`} aria-current={current ? 'page' : undefined}>
    <b>{letter.subject}</b>
    <span>{letter.to}</span>
    <small>{exactly(Date.parse(letter.at))}</small>
  </a>
)

const OpenLetter = ({ letter }: { letter: KeptLetter }) => (
  <article aria-labelledby="subject">
    <header>
      <h2 id="subject">{letter.subject}</h2>
      <p class="quiet">
        To {letter.to}, {exactly(Date.parse(letter.at))}
      </p>
    </header>
    <iframe src={`/dev/mailbox/${letter.id}`} title="The email as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" />
    <h3>Links</h3>
    <ul>
      {letter.links.map((link) => (
        <li>
          <a href={link}>{link}</a>
        </li>
      ))}
    </ul>
    <h3>Plain text</h3>
    <pre tabindex={0}>{letter.text}</pre>
  </article>
)
