import type { ChangeName } from '../../src/models/changes/change'
import type { JobPage as Job } from '../../src/models/jobs/job'
import type { LeftPerson } from '../../src/models/jobs/report'
import type { WorkspacePaths } from '../../src/paths'
import { reasonInWords } from '../changes/change-words'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { Progress } from '../components/progress'
import { shownAddress } from '../components/shown-address'
import { peopleInWords } from '../words'

type Props = {
  to: WorkspacePaths
  job: Job
  change: ChangeName
  words: { doing: string; done: string }
  back: string
  left: LeftPerson[]
  /** Where it can be asked for once more. */
  again: string
  /** Where the next of those who were left are. */
  next: string | undefined
  /** What takes it back, while it is offered. */
  undo: string | undefined
}

/** What is done to many people: how far it has come and, at its end, whom it left. */
export const JobReport = ({ to, job, change, words, back, again, left, next, undo }: Props) => (
  <section id="job" class="narrow stack loose">
    <div>
      <BackLink href={back}>Users</BackLink>
      <PageHead title={job.state === 'queued' ? words.doing : words.done} />
    </div>
    {job.state === 'queued' && <Running job={job} href={to.job(job.id)} label={words.doing} />}
    {(job.state === 'stopped' || job.state === 'failed') && <Broken job={job} />}
    {job.state === 'outdated' && <Outdated job={job} again={again} />}
    {job.state !== 'queued' && (
      <>
        <Left {...{ to, job, change, left, next }} />
        <div class="buttons">
          {undo && (
            <form method="post" action={undo}>
              <button class="button">
                <Icon name="undo" />
                Undo
              </button>
            </form>
          )}
          <a class="button" href={back}>
            Back to Users
          </a>
        </div>
      </>
    )}
  </section>
)

const Running = ({ job, href, label }: { job: Job; href: string; label: string }) => (
  <div class="panel">
    <Progress label={label} path={href} target="job" total={job.total} done={job.done} leftOut={job.leftOut} />
    <p class="hint">You can leave this page. It goes on without you.</p>
  </div>
)

const Broken = ({ job: { state, total, done } }: { job: Job }) => (
  <Callout tone="bad">
    <p>
      {state === 'stopped'
        ? 'It stopped: whoever began it is not an active Tenant Admin anymore.'
        : 'It stopped: it could not go on for a day.'}{' '}
      {peopleInWords(total - done)} {total - done === 1 ? 'was' : 'were'} not reached.
    </p>
  </Callout>
)

const Outdated = ({ job: { total }, again }: { job: Job; again: string }) => (
  <Callout tone="warn">
    <p>
      {peopleInWords(total)} matched when this was asked, and others by the time it began.{' '}
      <a href={again}>See how many it would be now</a>
    </p>
  </Callout>
)

const Left = ({ to, job, change, left, next }: Pick<Props, 'to' | 'job' | 'change' | 'left' | 'next'>) =>
  job.leftOut === 0 ? null : (
    <div class="panel">
      <header>
        <h2>
          {peopleInWords(job.leftOut)} {job.leftOut === 1 ? 'stays as they are' : 'stay as they are'}
        </h2>
      </header>
      <ul class="left-out">
        {left.map((person) => (
          <li>
            <LeftName to={to} person={person} />
            <small>
              {reasonInWords(person.reason, change)}
              {person.by && ` by ${person.by}`}
            </small>
          </li>
        ))}
      </ul>
      <footer>
        {next && (
          <a class="button small" href={next}>
            More
            <Icon name="arrow-right" />
          </a>
        )}
        <a class="button small" href={to.jobReport(job.id)}>
          <Icon name="download" />
          Download CSV
        </a>
      </footer>
    </div>
  )

const LeftName = ({ to, person: { id, name, email } }: { to: WorkspacePaths; person: LeftPerson }) =>
  email ? <a href={to.member(id)}>{name ?? shownAddress(email)}</a> : <span>{name ? shownAddress(name) : 'Someone'}</span>
