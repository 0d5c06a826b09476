import type { PresetChoice } from '../../src/models/presets/preset-page'

/** `chosen`: the id of the one that is selected. */
export const PresetOptions = ({ presets, chosen }: { presets: PresetChoice[]; chosen: string | undefined }) => (
  <>
    {presets.map(({ id, name }) => (
      <option value={id} selected={id === chosen}>
        {name}
      </option>
    ))}
  </>
)
