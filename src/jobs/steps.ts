import type { Steps } from './run'

/** What a job of each kind does, one batch at a time. */
export const STEPS: Steps = {}
