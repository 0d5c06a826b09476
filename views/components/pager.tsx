import type { Link, Paging } from '../../src/models/core/paging'
import type { Count } from '../../src/models/members/counts'
import { inWords, numberOf } from '../words'
import { Icon } from './icon'

type PagerProps = {
  id: string
  label: string
  paging: Paging
  /** How many there are in all, where that is known. */
  total?: Count | undefined
  hrefTo: (link: Link) => string
  target: string
  words?: { previous: string; next: string }
}

const PAGES = { previous: 'Previous page', next: 'Next page' }

export const Pager = ({ id, label, paging, total, hrefTo, target, words = PAGES }: PagerProps) => {
  const { previous, next } = paging
  if (!previous && !next) return null
  return (
    <nav class="pager" aria-label={label}>
      <span>{rangeInWords(paging, total)}</span>
      <div class="buttons">
        {previous && (
          <a class="button small" id={`${id}-previous`} {...linkTo(hrefTo(previous), target)}>
            <Icon name="arrow-left" />
            {words.previous}
          </a>
        )}
        {next && (
          <a class="button small" id={`${id}-next`} {...linkTo(hrefTo(next), target)}>
            {words.next}
            <Icon name="arrow-right" />
          </a>
        )}
      </div>
    </nav>
  )
}

/** *51 to 100 of 500*; the last page tells how many there are in any case. */
function rangeInWords({ from, until, next }: Paging, total: Count | undefined) {
  if (!from || !until || until < from) return ''
  const all = total ?? (next ? undefined : until)
  return `${numberOf(from)} to ${numberOf(until)}${all === undefined ? '' : ` of ${inWords(all)}`}`
}

/** A link that htmx follows within its section. */
const linkTo = (href: string, target: string) => ({ href, 'hx-get': href, 'hx-target': `#${target}`, 'hx-push-url': 'true' })
