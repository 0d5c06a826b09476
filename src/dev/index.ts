import { Hono } from 'hono'
import { app } from '../app'
import type { AppEnv } from '../env'
import { cloudflare } from '../mail/cloudflare'
import { mailchannels } from '../mail/mailchannels'
import { worker } from '../worker'
import { agents } from './agent'
import { local, mailbox } from './mailbox'

/** The Worker of a developer's machine: the same app, with a mailbox and somewhere for agents to open, which production does not contain. */
const development = new Hono<AppEnv>().route('/dev', mailbox).route('/dev', agents).mount('/', app.fetch)

export default worker(development, { mailchannels, cloudflare, local })
