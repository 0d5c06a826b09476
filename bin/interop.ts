import { existsSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { show } from './command.ts'

// Where Debian keeps servers, which is not on everybody's path.
process.env.PATH = [process.env.PATH, '/usr/sbin'].join(delimiter)

/** What the tests start, by the Debian package that has it. */
const PACKAGES = {
  'nginx-light': places('nginx'),
  caddy: places('caddy'),
  apache2: places('apache2'),
  'libapache2-mod-auth-openidc': ['/usr/lib/apache2/modules/mod_auth_openidc.so'],
  openssl: places('openssl'),
}

const missing = Object.entries(PACKAGES)
  .filter(([, files]) => !files.some((file) => existsSync(file)))
  .map(([name]) => name)

if (missing.length > 0) console.log(`interop was not run. Install what it needs: apt-get install ${missing.join(' ')}`)
else process.exitCode = (await tested()) ? 0 : 1

/** Away from the ports of `npm run dev` and of the journeys. */
function tested() {
  Object.assign(process.env, { E2E_PORT: process.env.INTEROP_PORT ?? '8900', E2E_SERVERS: '1' })
  return show('playwright', 'test', '--config', 'interop/playwright.config.ts', ...process.argv.slice(2))
}

function places(command: string) {
  return (process.env.PATH ?? '').split(delimiter).map((path) => resolve(path, command))
}
