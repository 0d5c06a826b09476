import type { Latest } from '../../src/models/activity/latest'
import { timeOf } from '../components/when'

export const changedSettingsInWords = (last: Latest | undefined, now: number) =>
  `${last?.by ?? 'Somebody'} changed these settings${last ? ` ${timeOf(last.at, now)}` : ''}, after you opened this page. Your changes are not saved yet.`
