import type { ChangeName } from '../../src/models/changes/change'
import type { Question } from '../../src/models/changes/question'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Field, SelectField } from '../components/field'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { PresetOptions } from '../presets/preset-options'
import { numberOf, peopleInWords } from '../words'
import { askedInWords, namesInWords, reasonInWords, wordsOf } from './change-words'

/** `people`: how many the page spoke of, which is typed to delete them. */
export type ChangeDraft = {
  people?: string | undefined
  typed?: string | undefined
  until?: string | undefined
  preset?: string | undefined
}
export type ChangeProblem = { field: 'typed' | 'until' | 'preset'; text: string }

type Props = {
  to: WorkspacePaths
  /** Where the people were chosen. */
  back: string
  list: string
  change: ChangeName
  question: Question
  /** Whether everybody who matches is meant. */
  all: boolean
  id: string
  draft: ChangeDraft
  problem: ChangeProblem | undefined
  stale: Stale | undefined
}

/** What is asked before many people are changed: how many, who is left and why, and what it means. */
export const QuestionPage = ({ to, back, change, question, stale, ...form }: Props) => {
  const { total, able = total, names } = question
  const noPreset = change === 'preset' && question.presets.length === 0
  return (
    <section id="change" class="narrow stack loose">
      <div>
        <BackLink href={back}>Users</BackLink>
        <PageHead title={able === 0 ? 'No one can be changed' : `${askedInWords(change, able, names)}?`} />
        <StaleCallout stale={stale} />
      </div>
      <div class="panel">
        {able > 1 && names.length > 0 && (
          <p>
            <b>{namesInWords(names, able)}</b>
          </p>
        )}
        {able > 0 && <p>{wordsOf(change).meaning}</p>}
        {total === 0 && <p>No one matches.</p>}
        <LeftOut {...{ change, question, able }} />
        {noPreset && <p>There is no preset yet.</p>}
        {able > 0 && !noPreset ? (
          <Form {...{ to, back, change, question, able, ...form }} />
        ) : (
          <p class="buttons">
            {noPreset && (
              <a class="button primary" href={to.newPreset}>
                New preset
              </a>
            )}
            <a class="button" href={back}>
              Back to Users
            </a>
          </p>
        )}
      </div>
    </section>
  )
}

const LeftOut = ({ change, question: { left, total }, able }: Pick<FormProps, 'change' | 'question' | 'able'>) =>
  left.length === 0 ? null : (
    <div>
      {able > 0 && (
        <p>
          <b>{`${peopleInWords(total - able)} ${total - able === 1 ? 'stays as they are' : 'stay as they are'}:`}</b>
        </p>
      )}
      <ul class="left-out">
        {left.map(({ reason, people, names }) => (
          <li>
            {namesInWords(names, people)} <small>{reasonInWords(reason, change)}</small>
          </li>
        ))}
      </ul>
    </div>
  )

type FormProps = Omit<Props, 'stale'> & { able: number }

const Form = ({ to, back, list, change, question, all, able, id, draft, problem }: FormProps) => (
  <form class="form" method="post" action={to.change(change)} novalidate hx-disable="find button">
    <input type="hidden" name="id" value={id} />
    <input type="hidden" name="list" value={list} />
    {all && <input type="hidden" name="all" value={`${question.total}`} />}
    {question.named.map((person) => (
      <>
        <input type="hidden" name="member" value={person.id} />
        <input type="hidden" name="state" value={person.status} />
      </>
    ))}
    {change === 'preset' && <Presets {...{ question, draft, problem }} />}
    {change === 'end_date' && (
      <Field
        id="until"
        name="until"
        type="date"
        label="Last day (optional)"
        value={draft.until ?? ''}
        hint="Without a day, they have no end date."
        error={problem?.field === 'until' ? problem.text : undefined}
      />
    )}
    {change === 'delete' && <input type="hidden" name="people" value={`${able}`} />}
    {change === 'delete' && (
      <Field
        id="typed"
        name="typed"
        label={`Type ${able} to delete ${peopleInWords(able)}`}
        inputmode="numeric"
        autocomplete="off"
        value={draft.typed ?? ''}
        error={problem?.field === 'typed' ? problem.text : undefined}
      />
    )}
    <div class="buttons">
      <button class={`button primary${change === 'delete' ? ' danger' : ''}`}>{askedInWords(change, able, question.names)}</button>
      <a class="button" href={back}>
        Keep as they are
      </a>
    </div>
    {question.able === undefined && (
      <p class="hint">
        {numberOf(question.total)} people are changed step by step. Those who cannot be changed are named in the report.
      </p>
    )}
  </form>
)

const Presets = ({ question: { presets }, draft, problem }: Pick<FormProps, 'question' | 'draft' | 'problem'>) => (
  <SelectField id="preset" name="preset" label="Preset" error={problem?.field === 'preset' ? problem.text : undefined}>
    <option value="">Choose one</option>
    <PresetOptions presets={presets} chosen={draft.preset} />
  </SelectField>
)
