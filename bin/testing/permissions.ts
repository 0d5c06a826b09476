import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The permissions of a file after `write`, where everybody on the machine could read it before. */
export async function permissionsAfter(write: (file: string) => Promise<unknown> | undefined) {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-'))
  const file = join(home, 'export.json')
  writeFileSync(file, '', { mode: 0o644 })
  await write(file)
  const { mode } = statSync(file)
  rmSync(home, { recursive: true })
  return mode & 0o777
}
