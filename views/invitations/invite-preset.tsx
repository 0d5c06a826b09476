import { SelectField } from '../components/field'
import { PresetOptions } from '../presets/preset-options'
import type { InviteProps } from './invite'
import { problemAt } from './invite-problems'

/** Choosing one fills in what it says, and the form is shown again; without JavaScript by a button. For a Tenant Admin it is put aside. */
export const InvitePreset = (props: InviteProps) =>
  props.presets.length === 0 ? null : (
    <div class="limits">
      <input type="hidden" name="preset_shown" value={props.draft.preset} />
      <SelectField
        id="preset"
        name="preset"
        label="Preset (optional)"
        hint="Fills in sections and agents. What you change below is theirs alone."
        error={problemAt('preset', props)}
        hx-post={props.to.invitations}
        hx-vals='{"preview":"on"}'
        hx-trigger="change consume"
        hx-target="#invite"
        hx-select="#invite"
        hx-swap="outerMorph"
      >
        <option value="">None</option>
        <PresetOptions presets={props.presets} chosen={props.draft.preset} />
      </SelectField>
      <noscript>
        <button class="button small" name="preview" value="on">
          Use preset
        </button>
      </noscript>
    </div>
  )
