import type { PropsWithChildren } from 'hono/jsx'
import type { DnsRecord, DomainCheck } from '../../src/mail/domain/sender-domain'
import type { NewestMail } from '../../src/models/checks/mail-check'
import { AccessPage } from '../access/access'
import { Icon } from '../components/icon'
import { When } from '../components/when'
import { mailWord } from '../members/member-words'
import { FINDINGS, type Verdict } from './mail-check-words'

type Props = {
  from: string
  provider: 'mailchannels' | 'cloudflare' | 'local'
  /** The sender is still the one of the example. */
  unset: boolean
  newest: NewestMail | undefined
  /** `set`: we know whose events to believe. */
  webhook: { at: number | undefined; url: string; set: boolean }
  checks: DomainCheck[]
  test: (NewestMail & { to: string }) | undefined
  to: string
  now: number
}

const PROVIDERS: Record<Props['provider'], string> = {
  mailchannels: 'MailChannels',
  cloudflare: 'Cloudflare Email Service',
  local: 'the local mailbox',
}

/** Whether mail from here arrives: one line for each thing that decides it. */
export const MailCheckPage = (props: Props) => (
  <AccessPage id="mail-check" tab="/access/settings">
    <div class="stack narrow">
      <div class="panel">
        <header>
          <h2>Mailbox check</h2>
          <p>What decides whether an invitation arrives, and what to mend. DNS changes take a while to be seen.</p>
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

const Sender = ({ from, provider, unset, newest, now }: Props) => {
  const sends = `Mail comes from ${from} through ${PROVIDERS[provider]}.`
  if (unset)
    return (
      <Line
        about="Sender"
        verdict="mend"
        text="MAIL_FROM is still the one of the example. Set it to an address of your own domain."
      />
    )
  if (newest?.state === 'queued' && newest.reason)
    return <Line about="Sender" verdict="mend" text={`${sends} The newest mail still waits: ${newest.reason}`} />
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

const Webhook = ({ provider, webhook, now }: Props) => {
  if (provider === 'local')
    return <Line about="Delivery reports" verdict="good" text="Mail stays on this machine, where nothing bounces." />
  if (provider === 'cloudflare')
    return (
      <Line
        about="Delivery reports"
        verdict="unknown"
        text="Cloudflare reports neither delivery nor bounces to Latchkey: a mail stays at sent."
      />
    )
  if (!webhook.set)
    return (
      <Line
        about="Delivery reports"
        verdict="mend"
        text="What MailChannels reports is not believed yet. Set MAILCHANNELS_CUSTOMER and MAILCHANNELS_WEBHOOK_KEYS."
      />
    )
  if (webhook.at === undefined)
    return (
      <Line about="Delivery reports" verdict="mend" text="MailChannels has not reported anything yet. Point its webhook to">
        {' '}
        <code>{webhook.url}</code>, then send a test mail.
      </Line>
    )
  return (
    <Line about="Delivery reports" verdict="good" text="MailChannels reports what becomes of a mail, ">
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

const TestMail = ({ test, to, now }: Props) => (
  <Line about="Test mail" verdict={verdictOf(test)} text={test ? '' : `See for yourself: send one to ${to}.`}>
    {test && (
      <>
        <When at={test.at} now={now} prefix={mailWord(test)} />, to {test.to}. {test.reason}
      </>
    )}
    <form method="post" action="/access/mail/test" hx-post="/access/mail/test" hx-target="#mail-check" hx-disable="find button">
      <button class="button small" id="send-test">
        <Icon name="send" />
        {test ? 'Send another' : 'Send me a test mail'}
      </button>
    </form>
  </Line>
)

const verdictOf = (test: Props['test']): Verdict => {
  if (!test || test.state === 'queued') return test?.reason ? 'mend' : 'unknown'
  return test.state === 'sent' || test.state === 'delivered' ? 'good' : 'mend'
}

const VERDICTS = {
  good: { icon: 'check', tone: 'good', word: 'In order' },
  mend: { icon: 'triangle-alert', tone: 'warn', word: 'To mend' },
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
