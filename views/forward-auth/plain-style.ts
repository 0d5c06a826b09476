/** No character of it is escaped in HTML: the policy of the page allows it by its hash. */
export const PLAIN_STYLE = [
  ':root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }',
  'body { margin: 0; min-block-size: 100vh; display: grid; place-items: center }',
  'body { background: light-dark(#f7f7f6, #0c0d0f); color: light-dark(#191a1c, #ededec) }',
  'main { margin: 1rem; padding: 2rem; max-inline-size: 22rem; text-align: center; border-radius: 1rem }',
  'main { background: light-dark(#fff, #141518); border: 1px solid light-dark(#e2e2e0, #26282c) }',
  'h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25 }',
  'p { margin: 1rem 0 0 }',
  'a { color: inherit }',
].join(' ')
