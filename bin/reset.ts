import { rmSync } from 'node:fs'
import { prepare, STATE } from './local.ts'

rmSync(STATE, { recursive: true, force: true })
await prepare()
