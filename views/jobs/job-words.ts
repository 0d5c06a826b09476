import type { ChangeName } from '../../src/models/changes/change'
import type { JobPage } from '../../src/models/jobs/job'
import { doneInWords, wordsOf } from '../changes/change-words'
import { peopleInWords } from '../words'

/** What a job is doing, and what it has done. */
export function jobInWords({ kind, state, total, done, leftOut }: JobPage, change: ChangeName) {
  const changed = done - leftOut
  if (kind === 'undo')
    return {
      doing: `Undoing the change to ${peopleInWords(total)}`,
      done: changed === 0 ? 'Nothing was undone.' : `The change to ${peopleInWords(changed)} was undone.`,
    }
  return {
    doing: wordsOf(change).doing(peopleInWords(total)),
    done: state === 'outdated' ? 'Nothing was changed.' : doneInWords(change, changed),
  }
}
