import { Icon } from './icon'

/** Longer ones are scrolled: what counts is that they are copied. */
const MOST_ROWS = 16

type Props = { id: string; label: string; value: string }

/** Several lines to take along, as `CopyField` has one. */
export const CopyText = ({ id, label, value }: Props) => (
  <div class="field pasted">
    <label for={id}>{label}</label>
    <textarea id={id} rows={Math.min(value.split('\n').length, MOST_ROWS)} readonly spellcheck={false} autocomplete="off">
      {value}
    </textarea>
    <button type="button" class="button copy small" data-copy={id}>
      <Icon name="copy" />
      <span>Copy</span>
    </button>
    <p class="hint" role="status" id={`${id}-copied`}></p>
  </div>
)
