import { readFileSync } from 'node:fs'
import type { Assets } from '../bin/assets.ts'

const assets = () => JSON.parse(readFileSync('views/assets.json', 'utf8')) as Assets

/** The paths of what pages load, as they are now. */
export const assetPaths = () => Object.values(assets())

/** Those of them that not every page loads. */
export const someLoad = () => {
  const { workspaceCss, personCss, passkeys } = assets()
  return [workspaceCss, personCss, passkeys]
}
