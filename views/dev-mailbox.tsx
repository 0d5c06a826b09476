import type { KeptLetter } from '../src/dev/mailbox'

type MailboxProps = { letters: KeptLetter[]; open: KeptLetter | undefined }

export const MailboxPage = ({ letters, open }: MailboxProps) => (
  <section class="mailbox">
    <header class="page-head">
      <h1>Mailbox</h1>
      <p class="quiet">Every mail that this machine sent, newest first. Nothing leaves it.</p>
    </header>
    {open ? (
      <div class="mailbox-panes">
        <nav class="mailbox-list" aria-label="Letters">
          {letters.map((letter) => (
            <Envelope letter={letter} current={letter.id === open.id} />
          ))}
        </nav>
        <OpenLetter letter={open} />
      </div>
    ) : (
      <p class="empty">No mail yet. Invite somebody, or ask for a new password, and come back.</p>
    )}
  </section>
)

const Envelope = ({ letter, current }: { letter: KeptLetter; current: boolean }) => (
  <a href={`/dev/mailbox?open=${letter.id}`} aria-current={current ? 'page' : undefined}>
    <b>{letter.subject}</b>
    <span>{letter.to}</span>
    <time datetime={letter.at}>{letter.at.slice(0, 19).replace('T', ' ')} UTC</time>
  </a>
)

const OpenLetter = ({ letter }: { letter: KeptLetter }) => (
  <article class="mailbox-letter" aria-labelledby="letter-subject">
    <h2 id="letter-subject">{letter.subject}</h2>
    <p class="quiet">To {letter.to}</p>
    <h3>Links</h3>
    <ul class="mailbox-links">
      {letter.links.map((link) => (
        <li>
          <a href={link}>{link}</a>
        </li>
      ))}
    </ul>
    <h3>HTML</h3>
    <iframe src={`/dev/mailbox/${letter.id}`} title={`HTML of ${letter.subject}`} sandbox="allow-popups allow-popups-to-escape-sandbox" />
    <h3>Plain text</h3>
    <pre tabindex={0}>{letter.text}</pre>
  </article>
)
