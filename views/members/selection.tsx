import type { Count } from '../../src/models/members/counts'
import type { Filter, Member } from '../../src/models/members/member'
import type { WorkspacePaths } from '../../src/paths'
import { CHANGE_WORDS } from '../changes/change-words'
import { Icon } from '../components/icon'
import { shownName } from '../components/shown-address'
import { inWords } from '../words'

/** The boxes of the rows, and of all of them, belong to the form of the bar. */
const FORM = 'selection'

export const SelectHead = () => (
  <th scope="col" class="select">
    <label class="with-script">
      <input type="checkbox" id="select-page" aria-label="Select everyone on this page" />
    </label>
    <span class="visually-hidden without-script">Select</span>
  </th>
)

export const SelectBox = ({ member }: { member: Member }) => (
  <td>
    <label>
      <input type="checkbox" name="member" value={member.id} form={FORM} aria-label={`Select ${shownName(member)}`} />
    </label>
  </td>
)

type BarProps = { to: WorkspacePaths; filter: Filter; total: Count | undefined; more: boolean }

/** What can be done to those who are selected. Each button leads to its question, which the fields name them for. */
export const SelectionBar = ({ to, filter, total, more }: BarProps) => (
  <form id={FORM} class="selection" method="get" action={to.change('disable')} aria-label="Selected people">
    <input type="hidden" name="list" value={listOf(filter)} />
    <b class="with-script" role="status" />
    <span class="without-script">With the selected people:</span>
    {more && (
      <label>
        <input type="checkbox" name="all" value="on" autocomplete="off" />
        {allInWords(filter, total)}
      </label>
    )}
    <button type="button" class="button small narrow-only" popovertarget="many">
      Change
    </button>
    <div class="many" id="many" popover="auto">
      {CHANGE_WORDS.map(({ change, button, danger }) => (
        <button class={`button small ghost${danger ? ' danger' : ''}`} formaction={to.change(change)}>
          {button}
        </button>
      ))}
    </div>
    <button type="button" class="button small ghost with-script" data-clear="" aria-label="Clear selection" title="Clear selection">
      <Icon name="x" />
    </button>
  </form>
)

function allInWords({ q, status, role }: Filter, total: Count | undefined) {
  const match = q || status || role ? ' that match' : ''
  return total === undefined ? `Everyone${match && ' who matches'}` : `All ${inWords(total)}${match || ' people'}`
}

/** The list that a selection was made in, as its query has it. */
export const listOf = (filter: Filter) =>
  `${new URLSearchParams(Object.entries(filter).flatMap(([name, value]) => (value ? [[name, `${value}`]] : [])))}`
