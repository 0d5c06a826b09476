import { continueChange } from '../models/changes/begin'
import { sendNext } from '../models/invite-many/send'
import { reviewOn } from '../models/reviews/steps'
import { continueUndo } from '../models/undo/many'
import type { Steps } from './run'

/** What a job of each kind does, one batch at a time. */
export const STEPS: Steps = {
  invite: (act, job, { CAPS }) => sendNext(act, job, CAPS),
  review: reviewOn,
  change: (act, job, { CAPS }) => continueChange(act, job, CAPS),
  undo: continueUndo,
}
