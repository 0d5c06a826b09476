import { rmSync } from 'node:fs'
import { prepare, STATE } from './local.ts'

rmSync(STATE, { recursive: true, force: true })
await prepare(console.log)
console.log('The local database is new. Start it with npm run dev.')
