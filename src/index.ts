import { app } from './app'
import { mailchannels } from './mail/mailchannels'
import { worker } from './worker'

export default worker(app, { mailchannels })
