import type { AgentChoice } from '../../src/models/access/agent-edit-page'
import { CONFIGURABLE } from '../../src/models/access/section'
import type { Preset } from '../../src/models/presets/preset'
import { BackLink } from '../components/back-link'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { When } from '../components/when'
import { inWords, listOf } from '../words'
import { Holders, type HoldersProps } from './holders'

type Props = HoldersProps & { choices: AgentChoice[]; stale: Stale | undefined }

export const PresetPage = ({ to, preset, choices, stale, ...holders }: Props) => (
  <section id="preset" class="stack loose">
    <div>
      <BackLink href={to.presets}>Presets</BackLink>
      <PageHead title={preset.name}>
        <a class="button" href={to.editPreset(preset.id)}>
          Edit
        </a>
        <ConfirmTrigger for="delete-preset" class="button">
          Delete
        </ConfirmTrigger>
      </PageHead>
      <StaleCallout stale={stale} />
      <Confirm id="delete-preset" title={`Delete ${preset.name}?`} action={to.deletePreset(preset.id)} button="Delete">
        <p>
          {holders.count === 0
            ? 'No one has this preset.'
            : `${holders.count === 1 ? '1 person has' : `${inWords(holders.count)} people have`} this preset. They keep the sections and agents they have.`}
        </p>
      </Confirm>
    </div>
    <Facts {...{ preset, choices }} now={holders.now} />
    <Holders {...{ to, preset }} {...holders} />
  </section>
)

const Facts = ({ preset, choices, now }: Pick<Props, 'preset' | 'choices' | 'now'>) => (
  <dl class="facts panel">
    <dt>Sections</dt>
    <dd>{namesOf(CONFIGURABLE.filter(({ slug }) => preset.sections.includes(slug))) || 'None'}</dd>
    <dt>Agents</dt>
    <dd>{agentsInWords(preset, choices)}</dd>
    <dt>Ends</dt>
    <dd>{preset.endsAt === null ? 'Never' : <When at={preset.endsAt} now={now} />}</dd>
  </dl>
)

const namesOf = (those: readonly { name: string }[]) => listOf(those.map(({ name }) => name))

/** So many are named. */
const NAMED = 6

function agentsInWords({ mode, agents }: Preset, choices: AgentChoice[]) {
  if (mode === 'all') return 'All agents, including those added later'
  const named = choices.filter(({ id }) => agents.includes(id))
  const rest = named.length - NAMED
  if (named.length === 0) return 'None'
  return rest > 1
    ? `${named
        .slice(0, NAMED)
        .map(({ name }) => name)
        .join(', ')} and ${rest} more`
    : namesOf(named)
}
