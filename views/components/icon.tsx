import assets from '../assets.json'
import type { ICONS } from '../client/icons'

export type IconName = keyof typeof ICONS

/** Decoration only: the words beside it, or the `aria-label` of its button, carry the meaning. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" aria-hidden="true">
    <use href={`${assets.icons}#${name}`} />
  </svg>
)
