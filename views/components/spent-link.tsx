import type { IconName } from './icon'
import { Message } from './message'

/** Why an emailed link does nothing any more, and the way on. */
export type SpentLinkWords = { icon: IconName; title: string; text: string; href: string; button: string }

export const SpentLink = ({ id, words: { icon, title, text, href, button } }: { id: string; words: SpentLinkWords }) => (
  <section id={id}>
    <Message icon={icon} title={title}>
      <p>{text}</p>
      <a class="button primary wide" href={href}>
        {button}
      </a>
    </Message>
  </section>
)
