import type { AgentChoice } from '../../src/models/access/agent-edit-page'

/** So many are seen without searching. */
const FEW = 12

type Props = { choices: AgentChoice[]; ticked: string[] }

/** A box for each agent, in a list that does not grow with them. What is searched for is only hidden, so that no tick is lost. */
export const AgentPicker = ({ choices, ticked }: Props) => (
  <div class="picker">
    {choices.length > FEW && <Tools choices={choices} ticked={ticked} />}
    <div class="toggles listed">
      {choices.map(({ id, name, live }) => (
        <label>
          <input type="checkbox" name="agent" value={id} checked={ticked.includes(id)} />
          <span>
            {name}
            {!live && <small> Offline</small>}
          </span>
        </label>
      ))}
    </div>
    {choices.length === 0 && <p class="hint">There are no agents yet.</p>}
  </div>
)

const Tools = ({ choices, ticked }: Props) => (
  <div class="picker-tools">
    <input type="search" aria-label="Search agents" placeholder="Search agents" autocomplete="off" />
    <button type="button" class="button small" data-tick="on">
      Select all
    </button>
    <button type="button" class="button small" data-tick="off">
      Clear
    </button>
    <span class="count" aria-live="polite">
      {choices.filter(({ id }) => ticked.includes(id)).length} of {choices.length} selected
    </span>
  </div>
)
