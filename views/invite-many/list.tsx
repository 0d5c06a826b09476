import { IGNORED } from '../../src/limits'
import type { Paging } from '../../src/models/core/paging'
import type { JobState } from '../../src/models/jobs/job'
import { withQuery } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { Pager } from '../components/pager'
import { Progress } from '../components/progress'
import { type Stale, StaleCallout } from '../components/stale'
import { Table } from '../components/table'
import { again } from '../refusals'
import { listOf, numberOf, peopleInWords } from '../words'
import { type ListedRow, RowLine, type RowProps } from './row'
import { COLUMN_NAMES, ENABLE } from './row-form'

export type Show = 'all' | 'problem' | 'ready' | 'left' | 'sent' | 'not_sent' | 'waiting'

export type ListProps = Omit<RowProps, 'open' | 'over'> & {
  /** Of the page. */
  rows: ListedRow[]
  paging: Paging
  show: Show
  counts: Record<Show, number>
  /** Of those with a problem that are over the email limit of the day, and when (ms) that begins anew. */
  later: { rows: number; at: number } | undefined
  /** None before the list is sent. */
  job: { state: JobState; done: number; total: number } | undefined
  stale: Stale | undefined
}

const ID = 'invite-list'

/** A list of people: reviewed, on its way, and reported, at one address. */
export const ListPage = (props: ListProps) => (
  <section id={ID}>
    <BackLink href={props.job ? props.to.users : props.to.inviteMany}>{props.job ? 'Users' : 'Invite many people'}</BackLink>
    <StaleCallout stale={props.stale} />
    {isAtWork(props) ? <Sending {...props} /> : props.job ? <Report {...props} /> : <Review {...props} />}
  </section>
)

const isAtWork = ({ job, counts }: ListProps) => job?.state === 'queued' && counts.all === 0

const Review = (props: ListProps) => (
  <>
    <PageHead title="Review before sending" lead={`${peopleInWords(props.counts.all)}. Nothing has been sent.`}>
      <ConfirmTrigger for="discard" class="button ghost">
        Discard list
      </ConfirmTrigger>
    </PageHead>
    <Confirm
      id="discard"
      title="Discard this list?"
      action={props.to.discardList(props.id)}
      button="Discard list"
      fields={<input type="hidden" name="version" value={props.version} />}
    >
      <p>Its {rowsInWords(props.counts.all)} and your corrections are deleted. Nothing is sent.</p>
    </Confirm>
    <Summary {...props} />
    <Ignored names={props.settings.ignored ?? []} />
    <Rows {...props} />
  </>
)

const Summary = ({ to, id, version, counts, later }: ListProps) => (
  <div class="panel summary">
    <form method="post" action={to.sendInvites(id)}>
      <input type="hidden" name="version" value={version} />
      <p>
        <b>{invitations(counts.ready)}</b> ready.{' '}
        {counts.problem > 0 &&
          `${rowsInWords(counts.problem)} ${counts.problem === 1 ? 'needs' : 'need'} attention and will not be sent.`}
      </p>
      {later && (
        <label class="tick">
          <input type="checkbox" name="later" value="on" />
          Send the {numberOf(later.rows)} over the daily limit as soon as it has room again.
        </label>
      )}
      <button class="button primary" disabled={counts.ready === 0 && !later}>
        <Icon name="send" />
        Send {invitations(counts.ready)}
      </button>
    </form>
    {counts.problem > 0 && (
      <form method="post" action={to.leaveOutProblems(id)}>
        <input type="hidden" name="version" value={version} />
        <button class="button">Leave out all with problems</button>
      </form>
    )}
  </div>
)

/** Nothing of a list is left out in silence. */
const Ignored = ({ names }: { names: string[] }) =>
  names.length === 0 ? null : (
    <p class="quiet">
      Ignored: {names.slice(0, IGNORED.named).join(', ')}
      {names.length > IGNORED.named && ', and more'}. A list can have the columns {listOf(COLUMN_NAMES)}.
    </p>
  )

const invitations = (count: number) => (count === 1 ? '1 invitation' : `${numberOf(count)} invitations`)
const rowsInWords = (count: number) => (count === 1 ? '1 row' : `${numberOf(count)} rows`)

const Sending = ({ to, id, job }: ListProps) => (
  <>
    <PageHead title="Sending invitations" lead="You can leave this page: sending goes on, and the report will be here." />
    <Progress label="Rows done" done={job?.done ?? 0} total={job?.total ?? 0} path={to.inviteList(id)} target={ID} />
  </>
)

const Report = (props: ListProps) => {
  const { to, id, counts, job } = props
  return (
    <>
      <PageHead title={`${invitations(counts.sent)} sent`} lead={leadOf(counts)}>
        <a class="button" href={to.inviteReport(id)}>
          Download CSV
        </a>
        {job?.state !== 'queued' && counts.not_sent > 0 && (
          <form method="post" action={to.retryInvites(id)}>
            <button class="button">
              <Icon name="rotate-cw" />
              Retry the {numberOf(counts.not_sent)} not sent
            </button>
          </form>
        )}
      </PageHead>
      {job && job.state in STOPPED && <Callout tone="warn">{STOPPED[job.state as keyof typeof STOPPED]}</Callout>}
      {counts.waiting > 0 && job?.state === 'queued' && <Waiting {...props} />}
      <Rows {...props} />
    </>
  )
}

const STOPPED = {
  stopped: 'The sending stopped, because its admin is no longer one or the workspace was closed. What is not sent can be retried.',
  failed: 'The sending was given up after a day of trouble. What is not sent can be retried.',
}

const leadOf = ({ not_sent, left }: ListProps['counts']) => {
  const said = [not_sent > 0 && `${numberOf(not_sent)} not sent`, left > 0 && `${numberOf(left)} left out`].filter(Boolean)
  return said.length > 0 ? `${said.join(', ')}.` : 'All of the list.'
}

const Waiting = ({ to, id, counts, later, now }: ListProps) => (
  <Callout tone="info" icon="clock">
    {rowsInWords(counts.waiting)} {counts.waiting === 1 ? 'waits' : 'wait'} for the daily email limit and{' '}
    {counts.waiting === 1 ? 'goes' : 'go'} out on {counts.waiting === 1 ? 'its' : 'their'} own
    {later ? again(later.at, now).replace('You can try again', '') : '.'}
    <form method="post" action={to.cancelWaiting(id)}>
      <button class="button small">Do not send them</button>
    </form>
  </Callout>
)

const FILTERS: [Show, string][] = [
  ['all', 'All'],
  ['problem', 'Needs attention'],
  ['ready', 'Ready'],
  ['sent', 'Sent'],
  ['not_sent', 'Not sent'],
  ['waiting', 'Waiting'],
  ['left', 'Left out'],
]

const Rows = ({ rows, paging, counts, show, stale: _, later: __, ...props }: ListProps) => {
  const at = { ...props, open: !props.job, over: props.job !== undefined && props.job.state !== 'queued' }
  const path = props.to.inviteList(props.id)
  return (
    <div {...{ 'hx-target:inherited': `#${ID}`, 'hx-swap:inherited': 'outerMorph' }}>
      <nav class="chips rows-shown" aria-label="Rows">
        {FILTERS.filter(([which]) => counts[which] > 0).map(([which, text]) => (
          <a class="chip" href={withQuery(path, { show: which })} aria-current={which === show ? 'true' : undefined}>
            {text} <small class="count">{numberOf(counts[which])}</small>
          </a>
        ))}
      </nav>
      <form id={ENABLE} method="post" hidden />
      <Table class="list" columns={['Person', 'Access', props.job ? 'Outcome' : 'Status']} actions>
        {rows.map((row) => (
          <RowLine row={row} {...at} />
        ))}
      </Table>
      <Pager
        id="rows"
        label="Pages"
        paging={paging}
        total={counts[show]}
        hrefTo={(link) => withQuery(path, { show, row: link.row })}
        target={ID}
      />
    </div>
  )
}
