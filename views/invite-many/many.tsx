import type { Section } from '../../src/models/access/section'
import type { Agent } from '../../src/models/agents/agent'
import type { SentList } from '../../src/models/invite-many/sent-lists'
import type { PresetChoice } from '../../src/models/presets/preset-page'
import type { WorkspacePaths } from '../../src/paths'
import { AccessFields, type AccessShown } from '../access/access-fields'
import { Preview, previewedBy } from '../access/preview'
import { Callout } from '../components/callout'
import { FileField, SelectField, TextArea } from '../components/field'
import { When } from '../components/when'
import { type InviteChoices, NoteField, RoleFields, UntilField } from '../invitations/invite-fields'
import { InviteHead } from '../invitations/invite-head'
import { PresetOptions } from '../presets/preset-options'
import { numberOf, peopleInWords } from '../words'
import { type ManyProblem, problemAt } from './many-problems'

/** `filed`: what was in the file. */
export type ManyDraft = InviteChoices & { list: string; filed: string }
export type ManyProps = {
  to: WorkspacePaths
  now: number
  draft: ManyDraft
  access: AccessShown
  presets: PresetChoice[]
  problem: ManyProblem | undefined
  /** By everybody whose row does not say otherwise. */
  seen: { sections: Section[]; agents: Agent[]; connected: string[] }
  most: number
  /** The lists of this admin that wait to be sent. */
  waiting: { id: string; createdAt: number; rows: number }[]
  /** The last ones of every admin. */
  sent: SentList[]
}

export const ManyPage = (props: ManyProps) => (
  <section id="invite-many">
    <InviteHead to={props.to} current="inviteMany" />
    {props.waiting.slice(0, WAITING).map((list) => (
      <Waiting {...list} to={props.to} now={props.now} />
    ))}
    <div class="split">
      <ListForm {...props} />
      <div class="stack loose beside">
        <Example />
        <Preview who="each person" {...props.seen} />
        <SentLists {...props} />
      </div>
    </div>
  </section>
)

/** Lists that wait are told of on their own pages as well, and gone after a day. */
const WAITING = 3

type WaitingProps = ManyProps['waiting'][number] & Pick<ManyProps, 'to' | 'now'>

const Waiting = ({ id, createdAt, rows, to, now }: WaitingProps) => (
  <Callout tone="info" icon="clock">
    A list of {peopleInWords(rows)} from <When at={createdAt} now={now} prefix="" /> has not been sent.{' '}
    <a href={to.inviteList(id)}>Review it</a>
  </Callout>
)

const ListForm = (props: ManyProps) => (
  <form class="form" method="post" action={props.to.inviteMany} enctype="multipart/form-data" novalidate>
    <TextArea
      id="list"
      name="list"
      label="Email addresses"
      rows={8}
      value={props.draft.list}
      spellcheck={false}
      autocapitalize="none"
      autofocus={!props.draft.list}
      hint={`Paste them as they are: one on each line, with commas, or from a spreadsheet. Up to ${numberOf(props.most)} people.`}
      error={problemAt('list', props)}
    />
    <FileField
      id="file"
      name="file"
      label="Or a CSV file"
      accept=".csv,.tsv,.txt,text/csv,text/plain"
      hint="What a row says there replaces what you choose below."
      error={problemAt('file', props)}
    />
    {props.draft.filed && (
      <TextArea
        id="filed"
        name="filed"
        label="From your file"
        rows={8}
        value={props.draft.filed}
        spellcheck={false}
        autocapitalize="none"
        hint="Correct it here, or choose the file again."
        error={problemAt('filed', props)}
      />
    )}
    <div class="form" {...previewedBy(props.to.inviteMany, ['list', 'file', 'filed'])}>
      <RoleFields role={props.draft.role} />
      <PresetField {...props} error={problemAt('preset', props)} />
      <AccessFields {...props.access} problem={problemAt('agents', props)} />
    </div>
    <UntilField until={props.draft.until} now={props.now} error={problemAt('until', props)} />
    <NoteField note={props.draft.note} hint="Shown in each email and on each invitation page." error={problemAt('note', props)} />
    <div class="buttons">
      <button class="button primary">Review list</button>
      <noscript>
        <button class="button" name="preview" value="on">
          Update preview
        </button>
      </noscript>
      <a class="button ghost" href={props.to.users}>
        Cancel
      </a>
    </div>
  </form>
)

/** What is chosen below it is then for rows alone that say so themselves. */
const PresetField = ({ presets, draft, error }: ManyProps & { error: string | undefined }) =>
  presets.length === 0 && !error ? null : (
    <div class="limits">
      <SelectField
        id="preset"
        name="preset"
        label="Preset (optional)"
        hint="Gives its sections and agents instead of those below."
        error={error}
      >
        <option value="">None</option>
        <PresetOptions presets={presets} chosen={draft.preset} />
      </SelectField>
    </div>
  )

const EXAMPLE = `email,name,role,sections,agents,until
zoe@corp.test,Zoe Park,user,"Agents, Logs",all,2027-03-31
sam@corp.test,Sam Ortiz,admin,,,`

const Example = () => (
  <aside class="panel example" aria-labelledby="example-title">
    <h2 id="example-title">What a CSV file can say</h2>
    <p class="quiet">
      The first line names the columns. Only <b>email</b> is needed, and the order is yours.
    </p>
    <pre tabindex={0}>{EXAMPLE}</pre>
    <dl>
      <dt>role</dt>
      <dd>user or admin</dd>
      <dt>sections, agents</dt>
      <dd>names, all, or none</dd>
      <dt>preset</dt>
      <dd>its name, instead of sections and agents</dd>
      <dt>until</dt>
      <dd>the last day, as 2027-03-31</dd>
      <dt>note</dt>
      <dd>instead of the one for everyone</dd>
    </dl>
    <p class="quiet">Nothing is sent yet: you review every row first.</p>
  </aside>
)

const SentLists = ({ sent, to, now }: ManyProps) =>
  sent.length === 0 ? null : (
    <aside class="panel example" aria-labelledby="sent-title">
      <h2 id="sent-title">Sent lists</h2>
      <ul>
        {sent.map((list) => (
          <li>
            <a href={to.inviteList(list.id)}>{progressOf(list)}</a> <When at={list.createdAt} now={now} />
          </li>
        ))}
      </ul>
    </aside>
  )

const progressOf = ({ state, done, leftOut, total }: SentList) =>
  state === 'queued' ? `Sending: ${numberOf(done)} of ${numberOf(total)}` : `${numberOf(done - leftOut)} of ${numberOf(total)} sent`
