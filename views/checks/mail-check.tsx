import type { PropsWithChildren } from 'hono/jsx'
import type { DnsRecord, DomainCheck } from '../../src/mail/domain/sender-domain'
import type { NewestMail } from '../../src/models/checks/mail-check'
import type { WorkspacePaths } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Icon } from '../components/icon'
import { mailReasonInWords } from '../components/mail-reason'
import { When } from '../components/when'
import { mailWord } from '../members/member-words'
import { FINDINGS, type Verdict } from './mail-check-words'

type Provider = 'mailchannels' | 'cloudflare' | 'local'
type Props = {
  to: WorkspacePaths
  /** `unset`: it is still the one of the example. */
  sender: { from: string; provider: Provider; unset: boolean }
  newest: NewestMail | undefined
  /** `set`: we know whose events to believe. */
  webhook: { at: number | undefined; url: string; set: boolean }
  checks: DomainCheck[]
  test: NewestMail | undefined
  /** The admin's own, for the test. */
  email: string
  now: number
}

const PROVIDERS: Record<Provider, string> = {
  mailchannels: 'MailChannels',
  cloudflare: 'Cloudflare Email Service',
  local: 'the local mailbox',
}

/** Whether email from here arrives: one line for each thing that decides it. */
export const MailCheckPage = (props: Props) => (
  <AccessPage to={props.to} id="mail-check" tab="settings">
    <div class="stack narrow">
      <div class="panel">
        <header>
          <h2>Mailbox check</h2>
          <p>What decides whether an invitation arrives, and what to fix. DNS changes take a while to be seen.</p>
        </header>
        <ul class="checks">
          <Sender {...props} />
          <Webhook {...props} />
          {props.checks.map((check) => (
            <Finding check={check} />
          ))}
          <TestMail {...props} />
        </ul>
      </div>
    </div>
  </AccessPage>
)

const Sender = ({ sender: { from, provider, unset }, newest, now }: Props) => {
  const sends = `Email comes from ${from} through ${PROVIDERS[provider]}.`
  if (unset)
    return (
      <Line
        about="Sender"
        verdict="fix"
        text="MAIL_FROM is still the one of the example. Set it to an address of your own domain."
      />
    )
  const trouble = newest?.state === 'queued' && mailReasonInWords(newest)
  if (trouble) return <Line about="Sender" verdict="fix" text={`${sends} The newest email is still waiting: ${trouble}`} />
  return (
    <Line about="Sender" verdict="good" text={sends}>
      {newest ? (
        <>
          {' '}
          The newest was <When at={newest.at} now={now} prefix={mailWord(newest).toLowerCase()} />.
        </>
      ) : (
        ' None has gone out from this workspace yet.'
      )}
    </Line>
  )
}

const Webhook = ({ sender: { provider }, webhook, now }: Props) => {
  if (provider === 'local')
    return <Line about="Delivery reports" verdict="good" text="Email stays on this machine, where nothing bounces." />
  if (provider === 'cloudflare')
    return (
      <Line
        about="Delivery reports"
        verdict="unknown"
        text="Cloudflare reports neither delivery nor bounces to Latchkey: an email stays at sent."
      />
    )
  if (!webhook.set)
    return (
      <Line
        about="Delivery reports"
        verdict="fix"
        text="Latchkey does not accept delivery reports from MailChannels yet. Set MAILCHANNELS_CUSTOMER and MAILCHANNELS_WEBHOOK_KEYS."
      />
    )
  if (webhook.at === undefined)
    return (
      <Line about="Delivery reports" verdict="fix" text="MailChannels has not reported anything yet. Point its webhook to">
        {' '}
        <code>{webhook.url}</code>, then send a test email.
      </Line>
    )
  return (
    <Line about="Delivery reports" verdict="good" text="MailChannels reports what becomes of an email, ">
      <When at={webhook.at} now={now} prefix="last" />.
    </Line>
  )
}

const Finding = ({ check: { about, reason, record } }: { check: DomainCheck }) => (
  <Line about={about} {...FINDINGS[reason]}>
    {record && <RecordToAdd record={record} />}
  </Line>
)

const RecordToAdd = ({ record: { name, value } }: { record: DnsRecord }) => (
  <dl class="record">
    <dt>Name</dt>
    <dd>
      <code>{name}</code>
    </dd>
    <dt>Type</dt>
    <dd>
      <code>TXT</code>
    </dd>
    <dt>Value</dt>
    <dd>
      <code>{value}</code>
    </dd>
  </dl>
)

const TestMail = ({ to, test, email, now }: Props) => (
  <Line about="Test email" verdict={verdictOf(test)} text={test ? '' : `See for yourself: send one to ${email}.`}>
    {test && (
      <>
        <When at={test.at} now={now} prefix={mailWord(test)} />, to {test.to}. {mailReasonInWords(test)}
      </>
    )}
    <form method="post" action={to.mailTest} hx-post={to.mailTest} hx-target="#mail-check" hx-disable="find button">
      <button class="button small" id="send-test">
        <Icon name="send" />
        {test ? 'Send another' : 'Send me a test email'}
      </button>
    </form>
  </Line>
)

const verdictOf = (test: Props['test']): Verdict => {
  if (!test || test.state === 'queued') return test?.reason ? 'fix' : 'unknown'
  return test.state === 'sent' || test.state === 'delivered' ? 'good' : 'fix'
}

const VERDICTS = {
  good: { icon: 'check', tone: 'good', word: 'In order' },
  fix: { icon: 'triangle-alert', tone: 'warn', word: 'To fix' },
  unknown: { icon: 'info', tone: '', word: 'Not known' },
} as const

const Line = ({ about, verdict, text, children }: PropsWithChildren<{ about: string; verdict: Verdict; text: string }>) => {
  const { icon, tone, word } = VERDICTS[verdict]
  return (
    <li class={tone}>
      <span class="dot">
        <Icon name={icon} />
      </span>
      <div>
        <b>{about}</b>
        <span class="visually-hidden">, {word}: </span>
        <div>
          {text}
          {children}
        </div>
      </div>
    </li>
  )
}
