import type { Member } from '../../src/models/members/member'
import type { HeldPreset } from '../../src/models/presets/own-settings'
import type { PresetChoice } from '../../src/models/presets/preset-page'
import type { WorkspacePaths } from '../../src/paths'
import { postTo } from '../access/matrix'
import { Icon } from '../components/icon'
import { dayOf } from '../components/when'
import { StateField } from '../members/member-change'
import { PresetOptions } from './preset-options'
import { differencesInWords } from './preset-words'

type Props = { to: WorkspacePaths; member: Member; held: HeldPreset | undefined; choices: PresetChoice[]; now: number }

/** Which preset somebody has, and what to do about it. */
export const MemberPreset = ({ to, member, held, choices, now }: Props) => (
  <>
    {held ? (
      <>
        <a href={to.preset(held.id)}>{held.name}</a>
        {held.since !== null && `, since ${dayOf(held.since, now)}`}
        {held.differences.length > 0 && <Differs differences={held.differences} />}
      </>
    ) : (
      'None'
    )}
    <span class="buttons">
      {held && held.differences.length > 0 && <Give {...{ to, member }} preset={held.id} text="Realign" />}
      {held && <Give {...{ to, member }} preset="" text="Remove" title="They keep the access they have" />}
    </span>
    {choices.length > 0 ? (
      <Choose {...{ to, member, held, choices }} />
    ) : (
      <a class="button small" href={to.newPreset}>
        New preset
      </a>
    )}
  </>
)

const Differs = ({ differences }: Pick<HeldPreset, 'differences'>) => (
  <p class="differs">
    <Icon name="circle-alert" />
    Differs in {differencesInWords(differences)}
  </p>
)

type GiveProps = Pick<Props, 'to' | 'member'> & { preset: string; text: string; title?: string }

const Give = ({ to, member, preset, text, title }: GiveProps) => (
  <form {...postTo(to.presetOf(member.id))} hx-disable="find button">
    <StateField member={member} />
    <input type="hidden" name="preset" value={preset} />
    <button class="button small" id={`preset-${text.toLowerCase()}`} title={title}>
      {text}
      <span class="visually-hidden"> preset</span>
    </button>
  </form>
)

const Choose = ({ to, member, held, choices }: Omit<Props, 'now'>) => (
  <details class="in-place">
    <summary class="button small">{held ? 'Give another' : 'Give preset'}</summary>
    <form class="inline-form" {...postTo(to.presetOf(member.id))} hx-disable="find button">
      <StateField member={member} />
      <label class="visually-hidden" for="preset">
        Preset
      </label>
      <select id="preset" name="preset">
        <PresetOptions presets={choices} chosen={held?.id} />
      </select>
      <button class="button small primary">Give preset</button>
      <p class="hint">Sets the sections and agents of this person. You can undo it.</p>
    </form>
  </details>
)
