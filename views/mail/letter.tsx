import { raw } from 'hono/html'
import type { PropsWithChildren } from 'hono/jsx'
import { CANVAS, INK, PAPER, STYLE, STYLE_SHEET } from './style'

export type LetterProps = { subject: string; product: string; preview: string; heading: string; footer: string }

/** What every email consists of: tables and inline style, since that is what mail programs understand. */
export const Letter = ({ children, ...props }: PropsWithChildren<LetterProps>) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
      <title>{props.subject}</title>
      <style>{STYLE_SHEET}</style>
    </head>
    <body class="canvas" style={STYLE.body}>
      <div style={STYLE.preview}>{props.preview}</div>
      <table role="presentation" class="canvas" width="100%" cellpadding="0" cellspacing="0" bgcolor={CANVAS} style={STYLE.canvas}>
        <tr>
          <td class="outer" align="center" style={STYLE.outer}>
            {raw(OUTLOOK.open)}
            <Column {...props}>{children}</Column>
            {raw(OUTLOOK.close)}
          </td>
        </tr>
      </table>
    </body>
  </html>
)

/** Outlook for Windows knows no `max-width`, and reads what others take for a comment. */
const OUTLOOK = {
  open: '<!--[if mso]><table role="presentation" align="center" width="520" cellpadding="0" cellspacing="0"><tr><td><![endif]-->',
  close: '<!--[if mso]></td></tr></table><![endif]-->',
}

const Column = ({ product, heading, footer, children }: PropsWithChildren<Omit<LetterProps, 'subject' | 'preview'>>) => (
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style={STYLE.column}>
    <Masthead product={product} />
    <tr>
      <td class="paper pad" bgcolor={PAPER} style={STYLE.paper}>
        <h1 class="ink" style={STYLE.heading}>
          {heading}
        </h1>
        {children}
      </td>
    </tr>
    <tr>
      <td class="pad quiet" style={STYLE.footer}>
        {footer}
      </td>
    </tr>
  </table>
)

const Masthead = ({ product }: { product: string }) => (
  <tr>
    <td class="pad" style={STYLE.masthead}>
      <table role="presentation" cellpadding="0" cellspacing="0">
        <tr>
          <td class="mark" aria-hidden="true" width="24" height="24" align="center" bgcolor={INK} style={STYLE.mark}>
            {product.slice(0, 1)}
          </td>
          <td class="ink" style={STYLE.wordmark}>
            {product}
          </td>
        </tr>
      </table>
    </td>
  </tr>
)

export const Paragraph = ({ children }: PropsWithChildren) => (
  <p class="ink" style={STYLE.paragraph}>
    {children}
  </p>
)

export const Quiet = ({ children }: PropsWithChildren) => (
  <p class="quiet" style={STYLE.quiet}>
    {children}
  </p>
)

export const Quotation = ({ by, children }: PropsWithChildren<{ by: string }>) => (
  <blockquote style={STYLE.quotation}>
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
      <tr>
        <td class="soft" bgcolor={CANVAS} style={STYLE.quotationCell}>
          <p class="ink" style={STYLE.quoted}>
            {children}
          </p>
          <p class="quiet" style={STYLE.quotedBy}>
            {by}
          </p>
        </td>
      </tr>
    </table>
  </blockquote>
)

export const Facts = ({ children }: PropsWithChildren) => (
  <table role="presentation" class="line" width="100%" cellpadding="0" cellspacing="0" style={STYLE.facts}>
    {children}
  </table>
)

export const Fact = ({ name, children }: PropsWithChildren<{ name: string }>) => (
  <tr>
    <td class="line quiet" width="84" valign="top" style={STYLE.factName}>
      {name}
    </td>
    <td class="line ink" style={STYLE.fact}>
      {children}
    </td>
  </tr>
)

export const Button = ({ href, children }: PropsWithChildren<{ href: string }>) => (
  <table role="presentation" cellpadding="0" cellspacing="0" style={STYLE.buttonTable}>
    <tr>
      <td class="button" bgcolor={INK} style={STYLE.buttonCell}>
        <a class="button" href={href} style={STYLE.button}>
          {children}
        </a>
      </td>
    </tr>
  </table>
)

/** Below the button of a link: how it can be used, and the whole of it for those whose mail program shows no buttons. */
export const LinkInFull = ({ href, use }: { href: string; use: string }) => (
  <>
    <Quiet>{use} If the button does not work, copy this address into your browser:</Quiet>
    <Quiet>
      <Address href={href} />
    </Quiet>
  </>
)

/** A link whose text, unless there is a shorter one, is the whole of it. */
export const Address = ({ href, children }: PropsWithChildren<{ href: string }>) => (
  <a class="accent" href={href} style={STYLE.address}>
    {children ?? href}
  </a>
)

/** What to do for whoever did not do what an email tells. */
export const NotYou = ({ forgot, children }: PropsWithChildren<{ forgot: string }>) => (
  <>
    <Paragraph>
      <strong>Not you?</strong> {children}
    </Paragraph>
    <Button href={forgot}>Reset My Password</Button>
    <Quiet>If the button does not work, copy this address into your browser:</Quiet>
    <Quiet>
      <Address href={forgot} />
    </Quiet>
  </>
)
