import { Icon } from './icon'

/** Something to take along: selected with a press, and copied with another where the script has arrived. */
export const CopyField = ({ id, label, value }: { id: string; label: string; value: string }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <span class="copied">
      <input id={id} value={value} readonly spellcheck={false} autocomplete="off" />
      <button type="button" class="button copy" data-copy={id}>
        <Icon name="copy" />
        <span>Copy</span>
      </button>
    </span>
    <p class="hint" role="status" id={`${id}-copied`}></p>
  </div>
)
