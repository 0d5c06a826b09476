import type { NotAnswered } from '../../src/models/access-requests/answer'
import { turnInWords } from '../activity/stale-words'
import { shownName } from '../components/shown-address'

type Reader = Parameters<typeof turnInWords>[1]

/** Why a request was not answered. */
export function notAnsweredInWords(result: Exclude<NotAnswered, { reason: 'unknown' }>, reader: Reader): string {
  if (result.reason === 'gone') return `${turnInWords(result, reader)} Nothing was changed.`
  const name = shownName(result.member)
  if (result.reason === 'answered' && !result.turn) return `The request from ${name} was answered already. Nothing was changed.`
  if (result.reason === 'answered' || result.reason === 'not_active') return `${turnInWords(result, reader)} Nothing was changed.`
  if (result.reason === 'disconnected') return `The app that ${name} asked for is no longer connected. Nothing was changed.`
  if (result.reason === 'again') return `${name} asked again in the meantime. Nothing was changed.`
  if (result.reason === 'more') return `What ${name} would get has changed in the meantime. Nothing was changed.`
  return `${name} has access to ${result.app} already. Nothing was changed.`
}
