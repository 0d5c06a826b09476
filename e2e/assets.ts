import { readFileSync } from 'node:fs'
import type { Assets } from '../bin/assets.ts'

/** The paths of what a page loads, as they are now. */
export const assetPaths = () => Object.values<string>(JSON.parse(readFileSync('views/assets.json', 'utf8')) as Assets)
