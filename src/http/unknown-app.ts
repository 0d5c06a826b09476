import type { Context } from 'hono'
import { UNKNOWN_APP_WORDS } from '../../views/errors'
import type { AppEnv } from '../env'
import type { Exchange } from '../oidc/exchange'
import { renderRefusal } from './errors'
import { note } from './log'

/**
 * The one page for an app that is not known here, for an address that is not its own, and for whoever is nobody in its workspace: it leads nowhere
 * and tells none of these apart. @throws what the provider stumbled over
 */
export function unknownApp(c: Context<AppEnv>, refused?: Exchange['refused']) {
  if (refused?.error === 'server_error') throw refused.cause
  note(c, { reason: refused?.error ?? 'unknown_app' })
  return renderRefusal(c, 404, UNKNOWN_APP_WORDS)
}
