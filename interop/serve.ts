import { spawn } from 'node:child_process'
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ended, run } from '../bin/command.ts'
import { apacheConf, CERTIFICATE, caddyfile, KEY, nginxConf } from './configurations.ts'
import { APACHE, HOME, PROXIES, TOOL_PORT } from './ports.ts'
import { tool } from './tool.ts'

const home = (name: string) => resolve(HOME, name)

rmSync(HOME, { recursive: true, force: true })
mkdirSync(HOME, { recursive: true })
await certify()
await new Promise<void>((listening) => tool.listen(TOOL_PORT, '127.0.0.1', listening))
const running = [
  start('nginx', ['-p', resolve(HOME), '-c', written('nginx.conf', nginxConf())]),
  start('caddy', ['run', '--adapter', 'caddyfile', '--config', written('Caddyfile', caddyfile())]),
  start('apache2', ['-D', 'FOREGROUND', '-f', written('apache.conf', apacheConf())]),
]
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal))
await Promise.all([PROXIES.nginx.port, PROXIES.caddy.port, APACHE.port, APACHE.back].map(comeToLife))
process.stdout.write('all proxies answer\n')
await Promise.all(running.map(ended))

/** For every host of this run; the browser is told to take it. */
function certify() {
  const [kind, names] = [
    ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:*.localhost'],
  ]
  return run('openssl', 'req', '-x509', '-nodes', '-days', '2', ...kind, ...names, '-keyout', KEY, '-out', CERTIFICATE)
}

function written(name: string, text: string) {
  writeFileSync(home(name), text)
  return home(name)
}

function start(command: string, args: string[]) {
  const log = openSync(home(`${command}.log`), 'w')
  return spawn(command, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, XDG_DATA_HOME: home('caddy'), XDG_CONFIG_HOME: home('caddy') },
  })
}

function stop(signal: NodeJS.Signals) {
  for (const one of running) one.kill(signal)
  tool.close()
}

async function comeToLife(port: number) {
  while (!(await listens(port))) {
    if (running.some(({ exitCode }) => exitCode !== null)) throw new Error(`a server ended: the logs in ${HOME} say why`)
    await setTimeout(100)
  }
}

function listens(port: number) {
  const socket = connect(port, '127.0.0.1')
  return new Promise<boolean>((answer) => {
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
  }).finally(() => socket.destroy())
}
