import { Hono } from 'hono'
import { app } from '../app'
import type { AppEnv } from '../env'
import { cloudflare } from '../mail/cloudflare'
import { mailchannels } from '../mail/mailchannels'
import { worker } from '../worker'
import { local, mailbox } from './mailbox'

/** The Worker of a developer's machine: the same app, and a mailbox that production does not contain. */
const development = new Hono<AppEnv>().route('/dev', mailbox).mount('/', app.fetch)

export default worker(development, { mailchannels, cloudflare, local })
