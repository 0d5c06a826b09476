import type { PropsWithChildren } from 'hono/jsx'
import type { SettingsDraft, SettingsProblems } from '../../src/models/workspace/settings-draft'
import type { WorkspacePaths } from '../../src/paths'
import type { Panel, SettingsFields } from './settings-fields'
import { SAVED } from './settings-words'

export type SettingsPart = {
  to: WorkspacePaths
  draft: SettingsDraft
  problems: SettingsProblems
  /** What somebody else made of a field meanwhile. */
  theirs: Partial<SettingsFields>
  /** What each panel says of the settings that it shows. */
  shown: Record<Panel, { version: number; fields: string }>
}

type PanelProps = PropsWithChildren<Pick<SettingsPart, 'to' | 'shown'> & { id: Panel }>

/** The whole page is morphed, so that the sidebar has the new name and what is typed in another panel stays. */
export const PanelForm = ({ to, id, shown, children }: PanelProps) => (
  <form
    id={id}
    class="panel"
    method="post"
    action={to.settings}
    hx-post={to.settings}
    hx-target="body"
    hx-swap="outerMorph"
    hx-disable="find button"
    data-unsaved
    novalidate
  >
    <input type="hidden" name="panel" value={id} />
    <input type="hidden" name="version" value={shown[id].version} />
    <input type="hidden" name="shown" value={shown[id].fields} />
    {children}
    <footer>
      <button class="button">
        Save<span class="visually-hidden"> {SAVED[id].toLowerCase()}</span>
      </button>
    </footer>
  </form>
)
