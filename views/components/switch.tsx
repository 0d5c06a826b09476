type SwitchProps = { name: string; label: string; on: boolean; hint: string }

/** The hidden field says that the switch was there, and perhaps not on. */
export const Switch = ({ name, label, on, hint }: SwitchProps) => (
  <div class="field">
    <input type="hidden" name={name} value="" />
    <div class="toggles single">
      <label for={name}>
        <input id={name} class="switch" type="checkbox" name={name} value="on" checked={on} aria-describedby={`${name}-hint`} />
        {label}
      </label>
    </div>
    <p class="hint" id={`${name}-hint`}>
      {hint}
    </p>
  </div>
)
