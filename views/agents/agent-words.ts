import type { Latest } from '../../src/models/activity/latest'
import { timeOf } from '../components/when'

const whoOf = (latest: Latest | undefined) => latest?.by ?? 'Someone'

/** *Ada Admin deleted Support Triage at 14:02 UTC.* */
export const deletedAgentInWords = (deleted: Latest, now: number) =>
  `${whoOf(deleted)} deleted ${deleted.agent ?? 'this agent'} ${timeOf(deleted.at, now)}.`

/** Also when the entry that tells is not there yet or any more. */
export const changedAgentInWords = ({ name }: { name: string }, last: Latest | undefined, now: number) =>
  `${whoOf(last)} changed ${name}${last ? ` ${timeOf(last.at, now)}` : ''}, after you opened this page. Your changes are not saved yet.`
