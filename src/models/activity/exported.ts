import type { MemberAct } from '../core/act'
import { asJson, recordWorkspace } from './activity'

/** What was exported and how it was narrowed. `text`: by something typed, which is not kept: it may be the address of somebody who is forgotten. */
export type Exported = {
  what: 'people' | 'activity' | 'review'
  format: 'csv' | 'json'
  status?: string | undefined
  role?: string | undefined
  kind?: string | undefined
  person?: string | undefined
  from?: string | undefined
  to?: string | undefined
  text?: boolean
}

/** The entry of an export, written before its first byte is sent. */
export const recordExport = (act: MemberAct, { text, ...exported }: Exported) =>
  recordWorkspace(act, 'exported', { after: asJson({ ...exported, ...(text ? { text } : {}) }) })
