import type { Member } from '../../src/models/members/member'
import type { WorkspacePaths } from '../../src/paths'
import { Field } from '../components/field'
import { shownName } from '../components/shown-address'
import { lastDayInWords, When } from '../components/when'
import { Change, postOf, StateField } from './member-change'

/** What was typed, and why it is not taken. */
export type EndProblem = { until: string; reason: 'no_day' | 'past' }

type Props = { to: WorkspacePaths; member: Member; now: number; problem: EndProblem | undefined }

/** When a membership ends, changed where it is shown. A Tenant Admin has no end. */
export const EndFact = ({ to, member, now, problem }: Props) => {
  if (member.role === 'admin') return null
  const { endsAt, state } = member
  return (
    <>
      <dt id="end-date">End date</dt>
      <dd>
        {endsAt ? (
          <>
            {lastDayInWords(endsAt)}, <When at={endsAt} now={now} prefix={endsAt > now ? 'ends' : 'ended'} />
          </>
        ) : (
          'None'
        )}
        {state === 'ended' ? (
          <div class="in-place">
            <EndForms {...{ to, member, now, problem }} />
          </div>
        ) : (
          <details class="in-place" open={Boolean(problem)}>
            <summary class="button small">{endsAt ? 'Change' : 'Set'}</summary>
            <EndForms {...{ to, member, now, problem }} />
          </details>
        )}
      </dd>
    </>
  )
}

const EndForms = ({ to, member, ...form }: Props) => (
  <>
    <EndForm {...{ to, member }} {...form} />
    {member.endsAt !== null && (
      <Change
        {...{ to, member }}
        change="end-date"
        field={['until', '']}
        icon="x"
        text="Clear end date"
        class="button ghost small"
      />
    )}
  </>
)

const EndForm = ({ to, member, now, problem }: Props) => (
  <form class="form" method="post" {...postOf({ to, member }, 'end-date')} hx-disable="find button" novalidate>
    <StateField member={member} />
    <LastDay
      value={problem?.until ?? (member.state === 'ended' ? '' : dayIn(member.endsAt))}
      now={now}
      required
      error={problem && END_PROBLEMS[problem.reason]}
      hint={LAST_DAY_HINT}
    />
    <div class="buttons">
      <button class="button small">
        {member.state === 'ended' ? 'Extend' : 'Save'}
        <span class="visually-hidden"> (end date of {shownName(member)})</span>
      </button>
    </div>
  </form>
)

export const END_PROBLEMS: Record<EndProblem['reason'], string> = {
  no_day: 'Enter a day, such as 2027-03-31.',
  past: 'Choose today or a later day.',
}

export const LAST_DAY_HINT = 'They are out at the end of this day, at midnight UTC.'

type DayProps = { value: string; now: number; label?: string; required?: boolean; error: string | undefined; hint: string }

/** The last day of a membership, as the browser's own date field has it. */
export const LastDay = ({ now, label = 'Last day', ...field }: DayProps) => (
  <Field id="until" name="until" type="date" min={dayIn(now + 1)} label={label} autocomplete="off" {...field} />
)

/** The day in UTC that is over at this time. */
const dayIn = (endsAt: number | null) => (endsAt === null ? '' : new Date(endsAt - 1).toISOString().slice(0, 10))
