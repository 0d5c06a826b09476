import { accessSync, constants, statfsSync } from 'node:fs'

const MEMORY = '/dev/shm'
/** Several times what all tests together have written at their end. */
const ENOUGH_BYTES = 2 ** 30

/** Puts temporary files where Linux keeps them in memory, if there is room: on a disk a test spends most of its time on waiting for it. */
export function keepTemporaryFilesInMemory() {
  if (!process.env.TMPDIR && hasRoom()) process.env.TMPDIR = MEMORY
}

function hasRoom() {
  try {
    accessSync(MEMORY, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ENOUGH_BYTES
  } catch {
    return false
  }
}
