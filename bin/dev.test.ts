import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** A copy of the repository as far as `npm run dev` touches it, and a `wrangler` that takes for ever. */
let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-'))
  for (const part of ['wrangler.toml', 'views/css', 'views/client']) cpSync(part, join(home, part), { recursive: true })
  for (const folder of ['public', 'bin']) mkdirSync(join(home, folder))
  symlinkSync(resolve('node_modules'), join(home, 'node_modules'))
  writeFileSync(join(home, 'bin/wrangler'), `#!/bin/sh\necho $$ > wrangler.pid\nexec sleep 60\n`)
  chmodSync(join(home, 'bin/wrangler'), 0o755)
})

afterAll(() => rmSync(home, { recursive: true }))

/** As npm starts it: from a shell that stays. */
function dev(port: number) {
  const PATH = [join(home, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter)
  const script = `"${process.execPath}" "${resolve('bin/dev.ts')}" & echo $! > dev.pid; wait $!`
  return spawn('sh', ['-c', script], {
    cwd: home,
    env: { PATH, HOME: home, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function output(child: ChildProcess) {
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk))
  const [status] = await once(child, 'close')
  return { status, printed: Buffer.concat(chunks).toString() }
}

const pidIn = (file: string) => Number(readFileSync(join(home, file), 'utf8'))

function lives(pid: number) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function until(holds: () => boolean) {
  while (!holds()) await setTimeout(50)
}

it('npm run dev says so where something listens on its port and never answers', async () => {
  const silent = createServer()
  await once(silent.listen(0, 'localhost'), 'listening')
  const { port } = silent.address() as AddressInfo
  expect(await output(dev(port))).toEqual({
    status: 1,
    printed: `Port ${port} is in use: stop what uses it, or choose another one with PORT.\n`,
  })
  silent.close()
})

it('npm run dev ends with the shell that npm started it from, and so does what it started', async () => {
  const shell = dev(0)
  await until(() => existsSync(join(home, 'wrangler.pid')))
  const [tool, wrangler] = [pidIn('dev.pid'), pidIn('wrangler.pid')]
  expect([lives(tool), lives(wrangler)]).toEqual([true, true])

  shell.kill('SIGKILL')
  await until(() => !lives(tool) && !lives(wrangler))
})
