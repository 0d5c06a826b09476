import { Icon } from './icon'

type PagerProps = {
  id: string
  label: string
  first: string | undefined
  next: string | undefined
  target: string
  words: [string, string]
}

export const Pager = ({ id, label, first, next, target, words: [toFirst, toNext] }: PagerProps) =>
  first || next ? (
    <nav class="pager" aria-label={label}>
      {first ? (
        <a class="button small" id={`${id}-first`} {...linkTo(first, target)}>
          {toFirst}
        </a>
      ) : (
        <span />
      )}
      {next && (
        <a class="button small" id={`${id}-next`} {...linkTo(next, target)}>
          {toNext}
          <Icon name="arrow-right" />
        </a>
      )}
    </nav>
  ) : null

/** A link that htmx follows within its section. */
export const linkTo = (href: string, target: string) => ({ href, 'hx-get': href, 'hx-target': `#${target}`, 'hx-push-url': 'true' })
