import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** How much the Worker may grow between two decisions: what a dependency weighs, and a feature hardly ever. */
const GROWTH_KIB = 5

/** The weight that was last decided on, and the document that says why it is what it is. */
export type Accepted = { gzipKiB: number; decision: string }

/** The Worker as it is uploaded: what wrangler has emitted, but for its source maps and its note about them. */
export function emitted(folder: string) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !/\.map$|^README\.md$/.test(entry.name))
  return Buffer.concat(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))))
}

export const weigh = (bundle: Buffer) => ({ rawKiB: bundle.length / 1024, gzipKiB: gzipSync(bundle, { level: 9 }).length / 1024 })

/** @returns why the Worker may not weigh this, or nothing when it may */
export function refusal(gzipKiB: number, { gzipKiB: accepted, decision }: Accepted) {
  if (!/^docs\/decisions(\.md$|\/)/.test(decision) || !existsSync(decision))
    return `bin/bundle.json names ${decision}, which is no decision in docs/`
  if (gzipKiB > accepted + GROWTH_KIB)
    return (
      `the Worker has grown from ${accepted} to ${gzipKiB.toFixed(1)} KiB gzip, more than the ${GROWTH_KIB} KiB that pass without a word: ` +
      'make it lighter, or record the new figure in bin/bundle.json together with the decision that explains it'
    )
}
