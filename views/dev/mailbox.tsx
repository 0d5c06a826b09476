import type { KeptLetter } from '../../src/dev/mailbox'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { When } from '../components/when'

type MailboxProps = { letters: KeptLetter[]; open: KeptLetter | undefined; now: number }

export const MailboxPage = ({ letters, open, now }: MailboxProps) => (
  <>
    <link rel="stylesheet" href="/dev/mailbox.css" />
    <PageHead title="Mailbox" lead="Every email this development server has sent, newest first. Nothing leaves this machine.">
      <a class="button" href="/">
        <Icon name="arrow-left" />
        Back to Latchkey
      </a>
      <a class="button" href="/dev/mailbox">
        <Icon name="rotate-cw" />
        Refresh
      </a>
    </PageHead>
    {open ? (
      <div class="mailroom">
        <nav aria-label="Emails">
          {letters.map((letter) => (
            <Envelope letter={letter} current={letter.id === open.id} now={now} />
          ))}
        </nav>
        <OpenLetter letter={open} now={now} />
      </div>
    ) : (
      <Empty icon="mail" title="No email yet">
        <p>Invite someone or reset a password, and the email appears here.</p>
      </Empty>
    )}
  </>
)

type LetterProps = { letter: KeptLetter; now: number }

const Envelope = ({ letter, current, now }: LetterProps & { current: boolean }) => (
  <a href={`/dev/mailbox?open=${letter.id}`} aria-current={current ? 'page' : undefined}>
    <b>{letter.subject}</b>
    <span>{letter.to}</span>
    <small>
      <When at={Date.parse(letter.at)} now={now} />
    </small>
  </a>
)

const OpenLetter = ({ letter, now }: LetterProps) => (
  <article aria-labelledby="subject">
    <header>
      <h2 id="subject">{letter.subject}</h2>
      <p class="quiet">
        From {mailboxOf(letter.from)} to {letter.to}, <When at={Date.parse(letter.at)} now={now} prefix="" />
        {letter.replyTo && <>. Replies go to {mailboxOf(letter.replyTo)}</>}
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

const mailboxOf = ({ name, email }: KeptLetter['from']) => `${name} <${email}>`
