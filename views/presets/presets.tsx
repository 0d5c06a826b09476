import { CONFIGURABLE } from '../../src/models/access/section'
import type { Paging } from '../../src/models/core/paging'
import type { ListedPreset } from '../../src/models/presets/preset-page'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { Pager } from '../components/pager'
import type { Stale } from '../components/stale'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { inWords } from '../words'

type Props = { to: WorkspacePaths; presets: ListedPreset[]; paging: Paging; now: number; stale: Stale | undefined }

export const PresetsPage = ({ to, presets, paging, now, stale }: Props) => (
  <AccessPage to={to} id="presets" tab="presets" stale={stale}>
    {presets.length === 0 ? (
      <Empty icon="layers" title="No presets yet">
        <p>A preset is a named set of sections and agents, such as “Support team”, that you give to people in one go.</p>
        <a class="button primary" href={to.newPreset}>
          New preset
        </a>
      </Empty>
    ) : (
      <div class="stack">
        <div class="buttons spread">
          <p class="hint">
            Give a whole team the same sections and agents. Changing a preset changes nobody until you realign them.
          </p>
          <a class="button" href={to.newPreset}>
            <Icon name="plus" />
            New preset
          </a>
        </div>
        <PresetTable {...{ to, presets, now }} />
        <Pager id="presets" label="Pages" paging={paging} hrefTo={(link) => withQuery(to.presets, link)} target="presets" />
      </div>
    )}
  </AccessPage>
)

const PresetTable = ({ to, presets, now }: Pick<Props, 'to' | 'presets' | 'now'>) => (
  <Table class="presets" columns={['Preset', 'Sections', 'Agents', 'Ends', 'People']}>
    {presets.map((preset) => (
      <tr>
        <th scope="row">
          <a href={to.preset(preset.id)}>{preset.name}</a>
        </th>
        <Cell label="Sections">
          {preset.sectionCount} of {CONFIGURABLE.length}
        </Cell>
        <Cell label="Agents">{preset.mode === 'all' ? 'All' : preset.agentCount}</Cell>
        <Cell label="Ends">{preset.endsAt === null ? 'Never' : <When at={preset.endsAt} now={now} />}</Cell>
        <Cell label="People">{inWords(preset.people)}</Cell>
      </tr>
    ))}
  </Table>
)
