/** One Worker for each worker of Playwright's, so that no journey meets what another one leaves behind. */
export const SERVERS = Number(process.env.E2E_SERVERS ?? 2)

const FIRST_PORT = Number(process.env.E2E_PORT ?? 8797)

/** What a server is reached by, keeps and writes; `index` is Playwright's `parallelIndex`. */
export const serverOf = (index: number) => ({
  port: FIRST_PORT + index,
  origin: `http://localhost:${FIRST_PORT + index}`,
  state: `.wrangler/e2e/${index}`,
  log: `test-results/worker-${index}.log`,
})

export const allServers = Array.from({ length: SERVERS }, (_, index) => serverOf(index))
