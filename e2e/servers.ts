import { tmpdir } from 'node:os'
import { keepTemporaryFilesInMemory } from '../bin/testing/in-memory.ts'

keepTemporaryFilesInMemory()

/** One Worker for each worker of Playwright's, so that no journey meets what another one leaves behind. */
export const SERVERS = Number(process.env.E2E_SERVERS ?? 2)

const FIRST_PORT = Number(process.env.E2E_PORT ?? 8797)

/** What the servers of one run keep. */
export const STATES = `${tmpdir()}/latchkey-journeys-${FIRST_PORT}`

/** A database as the migrations leave it, with nobody in it: to apply them all again takes as long as ten journeys. */
export const MIGRATED = `${STATES}/migrated`

/** What a server is reached by, keeps and writes; `index` is Playwright's `parallelIndex`. */
export const serverOf = (index: number) => ({
  port: FIRST_PORT + index,
  origin: `http://localhost:${FIRST_PORT + index}`,
  state: `${STATES}/${index}`,
  log: `test-results/worker-${index}.log`,
})

export const allServers = Array.from({ length: SERVERS }, (_, index) => serverOf(index))
