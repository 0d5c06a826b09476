import type { PropsWithChildren } from 'hono/jsx'
import { MINUTE_MS } from '../../src/limits'
import type { DnsRecord, DomainCheck } from '../../src/mail/domain/sender-domain'
import type { NewestMail } from '../../src/models/checks/checks'
import type { WorkspacePaths } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Icon } from '../components/icon'
import { mailReasonInWords } from '../components/mail-reason'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'
import { mailWord } from '../members/member-words'
import { Line } from './check-line'
import { FINDINGS, type Verdict } from './checks-words'

type Provider = 'mailchannels' | 'cloudflare' | 'local'
type Props = {
  to: WorkspacePaths
  /** `unset`: it is still the one of the example. */
  sender: { from: string; provider: Provider; unset: boolean }
  newest: NewestMail | undefined
  /** `set`: we know whose events to believe. */
  webhook: { at: number | undefined; url: string; set: boolean }
  checks: DomainCheck[]
  /** `known`: the API of breached passwords answers; undefined where none is asked. */
  breaches: { known: boolean | undefined; url: string }
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

/** What the deployment depends on: one line for each thing that decides whether email arrives, and whether breached passwords are refused. */
export const ChecksPage = (props: Props) => (
  <AccessPage to={props.to} id="checks" tab="settings">
    <div class="stack narrow">
      <div class="panel">
        <header>
          <h2>Checks</h2>
          <p>What decides whether invitations arrive, and what to fix. DNS changes can take a few hours to show up.</p>
        </header>
        <ul class="checks" id="check-list" {...refreshing(props)}>
          <Sender {...props} />
          <Webhook {...props} />
          {props.checks.map((check) => (
            <Finding check={check} />
          ))}
          <TestMail {...props} />
          <Breaches {...props.breaches} />
        </ul>
      </div>
    </div>
  </AccessPage>
)

const Sender = ({ sender: { from, provider, unset }, newest, now }: Props) => {
  const sends = `Email comes from ${from} through ${PROVIDERS[provider]}.`
  if (unset)
    return <Line about="Sender" verdict="fix" text="MAIL_FROM is still the example. Set it to an address on your own domain." />
  const trouble = newest?.state === 'queued' && mailReasonInWords(newest)
  if (trouble) return <Line about="Sender" verdict="fix" text={`${sends} The latest email is still waiting: ${trouble}`} />
  return (
    <Line about="Sender" verdict={provider === 'local' ? 'unknown' : 'good'} text={sends}>
      {newest ? (
        <>
          {' '}
          The latest was <When at={newest.at} now={now} prefix={mailWord(newest).toLowerCase()} />.
        </>
      ) : (
        ' No email has been sent from this workspace yet.'
      )}
    </Line>
  )
}

const UNREPORTED: Record<Exclude<Provider, 'mailchannels'>, string> = {
  local: 'Email stays on this machine, in the local mailbox. Nothing is delivered and nothing bounces.',
  cloudflare: 'Cloudflare does not report deliveries or bounces to Latchkey, so an email stays at Sent.',
}

const UNSET =
  'Latchkey does not accept delivery reports from MailChannels yet. Set MAILCHANNELS_CUSTOMER and MAILCHANNELS_WEBHOOK_KEYS.'

const Webhook = ({ sender: { provider }, webhook: { set, at, url }, now }: Props) => {
  if (provider !== 'mailchannels') return <Reports verdict="unknown" text={UNREPORTED[provider]} />
  if (!set) return <Reports verdict="fix" text={UNSET} />
  if (at === undefined)
    return (
      <Reports verdict="fix" text="MailChannels has not sent a delivery report yet. Point its webhook to">
        {' '}
        <code>{url}</code>, then send a test email.
      </Reports>
    )
  return (
    <Reports verdict="good" text="MailChannels sends delivery reports, ">
      <When at={at} now={now} prefix="last" />.
    </Reports>
  )
}

const Reports = (line: PropsWithChildren<{ verdict: Verdict; text: string }>) => <Line about="Delivery reports" {...line} />

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

const TestMail = ({ to, sender, test, email, now }: Props) => (
  <Line
    about="Test email"
    verdict={sender.provider === 'local' && test?.state === 'sent' ? 'unknown' : verdictOf(test)}
    text={test ? '' : `Send a test email to ${shownAddress(email)}.`}
  >
    {test && (
      <>
        <When at={test.at} now={now} prefix={mailWord(test)} />, to {shownAddress(test.to)}. {mailReasonInWords(test)}
        {sender.provider === 'local' && <a href="/dev/mailbox">Open the local mailbox</a>}
      </>
    )}
    <form method="post" action={to.mailTest} hx-post={to.mailTest} hx-target="#checks" hx-disable="find button">
      <button class="button small" id="send-test">
        <Icon name="send" />
        {test ? 'Send another' : 'Send a test email'}
      </button>
    </form>
  </Line>
)

const verdictOf = (test: Props['test']): Verdict => {
  if (!test || test.state === 'queued') return test?.reason ? 'fix' : 'unknown'
  return test.state === 'sent' || test.state === 'delivered' ? 'good' : 'fix'
}

/** The state of a test email is looked up again while it may still change, less and less often: a dozen times in ten minutes. */
function refreshing({ to, test, now }: Props) {
  const age = test ? now - test.at : Number.POSITIVE_INFINITY
  if (age > 10 * MINUTE_MS || (test?.state !== 'queued' && test?.state !== 'sent')) return {}
  return {
    'hx-get': to.checks,
    'hx-trigger': `load delay:${Math.round(Math.max(3_000, age / 2))}ms`,
    'hx-select': '#check-list',
    'hx-target': 'this',
    'hx-swap': 'outerMorph',
  }
}

const Breaches = ({ known, url }: Props['breaches']) => {
  if (known === undefined)
    return (
      <Line
        about="Breached passwords"
        verdict="unknown"
        text="New passwords are not checked against known breaches: PASSWORD_RANGE_URL is empty."
      />
    )
  const host = new URL(url).host
  return known ? (
    <Line about="Breached passwords" verdict="good" text={`New passwords are checked against known breaches at ${host}.`} />
  ) : (
    <Line
      about="Breached passwords"
      verdict="fix"
      text={`${host} does not answer, so new passwords are not checked against known breaches. All other password rules apply.`}
    />
  )
}
