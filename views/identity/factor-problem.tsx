import { Callout } from '../components/callout'
import type { AccountProblem, FactorRefusal } from './account-props'

type Props = { problem: Extract<AccountProblem, { field: 'factors' }> }

/** Why nothing was changed of somebody's second factors. */
export const FactorProblem = ({ problem: { problem, workspace = 'A workspace' } }: Props) => (
  <Callout tone="bad">{WORDS[problem](workspace)}</Callout>
)

const WORDS: Record<FactorRefusal, (workspace: string) => string> = {
  asked_for: (workspace) => `${workspace} requires a second factor. Add another one before you remove this one.`,
  only_way_in: () => 'Without this passkey you could not sign in. Set a password or add another passkey first.',
  gone: () => 'That was already removed or replaced. This is how things are now.',
  codes_changed: () => 'You made new recovery codes in the meantime. If you did not save them, make new ones again.',
  no_factor: () => 'You have no second factor that recovery codes could stand in for. Add one first.',
}
