import { readFileSync } from 'node:fs'
import type { Assets } from '../bin/assets.ts'

const assets = () => JSON.parse(readFileSync('views/assets.json', 'utf8')) as Assets

/** The paths of what a page loads, as they are now. */
export const assetPaths = () => Object.values<string>(assets())

/** The one that only the pages load on which there are passkeys. */
export const passkeysPath = () => assets().passkeys
