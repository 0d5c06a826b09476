/** Beside `views/css`, which ships to production and so knows nothing of a mailbox. */
export const MAILBOX_STYLE = `
.threshold > .content:has(.mailroom) { max-inline-size: 1240px; align-content: start }
.mailroom { display: grid; grid-template-columns: minmax(0, 320px) minmax(0, 1fr); gap: 24px; align-items: start }
.mailroom nav { display: grid; border: 1px solid var(--line); border-radius: 12px; background: var(--raised); overflow: clip; position: sticky; inset-block-start: 16px; max-block-size: calc(100dvh - 32px); overflow-y: auto }
.mailroom nav a { display: grid; gap: 2px; padding: 12px 16px; border-block-start: 1px solid var(--line); & span, & small { color: var(--ink-2) } &:first-child { border-block-start: 0 } &:hover { background: var(--hover) } &:focus-visible { outline-offset: -2px } &[aria-current] { background: var(--accent-soft); box-shadow: inset 3px 0 var(--accent) } }
.mailroom article { display: grid; gap: 16px; min-inline-size: 0 }
.mailroom iframe { inline-size: 100%; block-size: 900px; border: 1px solid var(--line); border-radius: 12px; background: var(--canvas); color-scheme: light dark }
.mailroom li a { word-break: break-all }
.mailroom pre { margin: 0; padding: 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--raised); font: 12.5px/1.55 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere }
.mailroom ul { display: grid; gap: 8px }
@media (width < 860px) { .mailroom { grid-template-columns: minmax(0, 1fr) } .mailroom nav { position: static; max-block-size: 300px } }
`
