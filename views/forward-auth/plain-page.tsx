import { html } from 'hono/html'
import { PLAIN_STYLE } from './plain-style'
import type { ForwardWords } from './words'

/** Loads nothing: on the host of a tool there is neither our stylesheet nor our script, so that it brings a style of its own. `href` is where its link leads. */
export const PlainPage = ({ title, text, retry, beside, href }: ForwardWords & { href: string | undefined }) =>
  html`<!doctype html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <style>{PLAIN_STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          <p>{text}</p>
          {retry && href && (
            <p>
              <a href={href} {...(beside && { target: '_blank', rel: 'noopener' })}>
                {retry}
              </a>
            </p>
          )}
        </main>
      </body>
    </html>
  )}`
