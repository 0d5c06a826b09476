import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const { scripts, allowScripts } = JSON.parse(readFileSync('package.json', 'utf8'))
const { packages }: { packages: Record<string, { hasInstallScript?: boolean; integrity?: string; link?: boolean }> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
)

/** As a Node of this version meets it, there. */
function start(version: string, platform = 'linux') {
  const disguise = `Object.defineProperties(process, { versions: { value: { node: '${version}' } }, platform: { value: '${platform}' } })`
  const script = `${disguise}; await import(${JSON.stringify(`${process.cwd()}/bin/needs-node.js`)}); console.log('goes on')`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
  return { status, printed: stdout + stderr }
}

it.each(['18.20.0', '20.20.2', '22.18.0'])('Node %s is told which one is needed, in one sentence', (version) => {
  expect(start(version)).toEqual({ status: 1, printed: expect.stringMatching(/^Latchkey's tools need Node 24 or newer[^\n]*\n$/) })
})

it('on Windows it is told to use WSL', () => {
  expect(start('24.21.0', 'win32')).toEqual({ status: 1, printed: expect.stringMatching(/On Windows run them in WSL[^\n]*\n$/) })
})

it.each(['24.0.0', '26.1.0'])('Node %s goes on', (version) => {
  expect(start(version)).toEqual({ status: 0, printed: 'goes on\n' })
})

it('every command of npm run that an older Node could not read looks at its version first', () => {
  const commands = Object.values<string>(scripts).filter((script) => /^node .*\bbin\/[\w-]+\.ts/.test(script))
  expect(commands.length).toBeGreaterThan(6)
  for (const command of commands) expect(command).toMatch(/^node --import \.\/bin\/needs-node\.js bin\//)
})

it('npm ci fetches nothing that the lock does not hold, and runs the scripts of no other package than these', () => {
  const installed = Object.entries(packages).filter(([path]) => path !== '')
  expect(installed.filter(([, { integrity, link }]) => !integrity && !link).map(([path]) => path)).toEqual([])
  const withScripts = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1))
  const allowed = Object.keys(allowScripts)
  expect(withScripts.filter((name) => !allowed.includes(name ?? '') && name !== 'fsevents')).toEqual([])
})
