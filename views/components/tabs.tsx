export type Tab = { href: string; text: string }

export const Tabs = ({ label, items, current }: { label: string; items: Tab[]; current: string }) => (
  <nav class="tabs" aria-label={label}>
    {items.map(({ href, text }) => (
      <a href={href} aria-current={href === current ? 'page' : undefined}>
        {text}
      </a>
    ))}
  </nav>
)
