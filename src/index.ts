import { app } from './app'
import { cloudflare } from './mail/cloudflare'
import { mailchannels } from './mail/mailchannels'
import { worker } from './worker'

/** Every provider that a deployment can choose; MAIL_PROVIDER names one. */
export default worker(app, {
  mailchannels,
  cloudflare,
})
