import { run } from '../bin/command.ts'
import { built, cpuMs, serve } from './workerd.ts'

/**
 * What starting the Worker costs until it answers its first request: `npm run bench:startup`, on Linux. CPU time of a workerd of its own beside one
 * that runs a bare page, in turns; their difference is what our modules cost. Cloudflare gives a Worker a second.
 */
const ROUNDS = 15
const STATE = '.wrangler/bench-startup'

await built(STATE)
await run('wrangler', 'deploy', 'bench/bare-worker.ts', '--dry-run', '--outdir', `${STATE}/bare-worker`)

const rounds: { latchkey: number; bare: number }[] = []
for (let round = 0; round < ROUNDS; round++)
  rounds.push({ latchkey: await startMs('worker/index.js'), bare: await startMs('bare-worker/bare-worker.js') })

const [latchkey, bare] = [median(rounds.map((round) => round.latchkey)), median(rounds.map((round) => round.bare))]
console.log(`CPU until the first answer, median of ${ROUNDS}: ${latchkey.toFixed(0)} ms, a bare Worker ${bare.toFixed(0)} ms`)
console.log(`Latchkey's part: ${median(rounds.map((round) => round.latchkey - round.bare)).toFixed(0)} ms`)

async function startMs(script: string) {
  const served = await serve(STATE, script, 'latchkey')
  try {
    await fetch(new URL('/healthz', served.origin)).then((answer) => answer.text())
    return cpuMs(served.pid)
  } finally {
    await served.workerd.dispose()
  }
}

function median(values: number[]) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
