import type { PropsWithChildren } from 'hono/jsx'

/** Mail programs need tables and inline style; the style sheet only adds what a few of them can do: dark colours. */
const DARK = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.canvas{background:#0c0d0f!important}
.paper{background:#141518!important;border-color:#26282d!important}
.ink{color:#ededeb!important}
.quiet{color:#a7a9ae!important}
.line{border-color:#26282d!important}
.soft{background:#1b1c20!important;border-color:#373a41!important}
.mark,.button{background:#ededeb!important;color:#141518!important}
.accent{color:#4cc3a5!important}
}
@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}.outer{padding:12px 8px 24px!important}}
`

const FONT = "ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
const INK = '#1a1a18'
const QUIET = '#57564f'
const LINE = '1px solid #e7e6e2'

export type LetterProps = { subject: string; preview: string; heading: string; footer: string }

export const Letter = ({ subject, preview, heading, footer, children }: PropsWithChildren<LetterProps>) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
      <title>{subject}</title>
      <style>{DARK}</style>
    </head>
    <body class="canvas" style={{ margin: 0, padding: 0, background: '#f6f6f4' }}>
      <div style={{ display: 'none', maxHeight: 0, overflow: 'hidden' }}>{preview}</div>
      <table role="presentation" class="canvas" width="100%" cellpadding="0" cellspacing="0" style={{ background: '#f6f6f4', fontFamily: FONT }}>
        <tr>
          <td class="outer" align="center" style={{ padding: '32px 16px 48px' }}>
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style={{ maxWidth: '520px', tableLayout: 'fixed' }}>
              <Masthead />
              <tr>
                <td class="paper pad" style={{ background: '#ffffff', border: LINE, borderRadius: '12px', padding: '32px 36px', textAlign: 'left' }}>
                  <h1
                    class="ink"
                    style={{ margin: '0 0 16px', fontSize: '21px', lineHeight: '1.3', fontWeight: 620, letterSpacing: '-0.01em', color: INK, overflowWrap: 'anywhere' }}
                  >
                    {heading}
                  </h1>
                  {children}
                </td>
              </tr>
              <tr>
                <td class="pad quiet" style={{ padding: '20px 36px 0', textAlign: 'left', fontSize: '12.5px', lineHeight: '1.5', color: '#6b6a63', overflowWrap: 'anywhere' }}>
                  {footer}
                </td>
              </tr>
            </table>
          </td>
        </tr>
      </table>
    </body>
  </html>
)

const Masthead = () => (
  <tr>
    <td class="pad" style={{ padding: '0 36px 16px', textAlign: 'left' }}>
      <table role="presentation" cellpadding="0" cellspacing="0">
        <tr>
          <td
            class="mark"
            aria-hidden="true"
            width="24"
            height="24"
            align="center"
            style={{ background: INK, color: '#f6f6f4', borderRadius: '6px', fontSize: '12px', fontWeight: 700, lineHeight: '24px' }}
          >
            L
          </td>
          <td class="ink" style={{ paddingLeft: '10px', fontSize: '14px', fontWeight: 600, color: INK }}>
            Latchkey
          </td>
        </tr>
      </table>
    </td>
  </tr>
)

export const Paragraph = ({ children }: PropsWithChildren) => (
  <p class="ink" style={{ margin: '0 0 16px', fontSize: '15px', lineHeight: '1.55', color: INK, overflowWrap: 'anywhere' }}>
    {children}
  </p>
)

export const Quiet = ({ children }: PropsWithChildren) => (
  <p class="quiet" style={{ margin: '0 0 12px', fontSize: '13px', lineHeight: '1.55', color: QUIET, overflowWrap: 'anywhere' }}>
    {children}
  </p>
)

export const Quotation = ({ by, children }: PropsWithChildren<{ by: string }>) => (
  <blockquote
    class="soft"
    style={{ margin: '0 0 20px', padding: '12px 16px', background: '#f6f6f4', borderLeft: '3px solid #d6d5d0', borderRadius: '4px' }}
  >
    <p class="ink" style={{ margin: '0 0 6px', fontSize: '15px', lineHeight: '1.55', color: INK, whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
      {children}
    </p>
    <p class="quiet" style={{ margin: 0, fontSize: '13px', color: QUIET, overflowWrap: 'anywhere' }}>
      {by}
    </p>
  </blockquote>
)

export const Facts = ({ children }: PropsWithChildren) => (
  <table role="presentation" class="line" width="100%" cellpadding="0" cellspacing="0" style={{ margin: '0 0 20px', borderTop: LINE }}>
    {children}
  </table>
)

export const Fact = ({ name, children }: PropsWithChildren<{ name: string }>) => (
  <tr>
    <td class="line quiet" width="84" valign="top" style={{ padding: '10px 12px 10px 0', borderBottom: LINE, fontSize: '13px', lineHeight: '1.5', color: QUIET }}>
      {name}
    </td>
    <td class="line ink" style={{ padding: '10px 0', borderBottom: LINE, fontSize: '14px', lineHeight: '1.45', color: INK, overflowWrap: 'anywhere' }}>
      {children}
    </td>
  </tr>
)

export const Button = ({ href, children }: PropsWithChildren<{ href: string }>) => (
  <table role="presentation" cellpadding="0" cellspacing="0" style={{ margin: '4px 0 24px' }}>
    <tr>
      <td class="button" style={{ background: INK, borderRadius: '8px' }}>
        <a
          class="button"
          href={href}
          style={{ display: 'inline-block', padding: '11px 20px', fontSize: '15px', lineHeight: '20px', fontWeight: 600, color: '#ffffff', textDecoration: 'none', borderRadius: '8px' }}
        >
          {children}
        </a>
      </td>
    </tr>
  </table>
)

export const Address = ({ href }: { href: string }) => (
  <a class="accent" href={href} style={{ color: '#0b6b58', wordBreak: 'break-all' }}>
    {href}
  </a>
)
