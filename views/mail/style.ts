/** What only some mail programs can do: dark colours, and less margin on a telephone. No quotes in here, they would be escaped. */
export const STYLE_SHEET = `
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
@media (max-width:480px){
.pad{padding-left:20px!important;padding-right:20px!important}
.outer{padding:12px 8px 24px!important}
}
`

export const INK = '#1a1a18'
const QUIET = '#57564f'
export const CANVAS = '#f6f6f4'
export const PAPER = '#ffffff'
const LINE = '1px solid #e7e6e2'
const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Inter,'Helvetica Neue',Arial,sans-serif"

/** The look of views/css in light, written out inline: mail programs drop the style sheets they do not understand. */
export const STYLE = {
  body: `margin:0;padding:0;background:${CANVAS}`,
  preview: 'display:none;max-height:0;overflow:hidden',
  canvas: `background:${CANVAS};font-family:${FONT}`,
  outer: 'padding:32px 16px 48px',
  column: 'max-width:520px;table-layout:fixed',
  masthead: 'padding:0 36px 16px;text-align:left',
  mark: `background:${INK};color:${CANVAS};border-radius:6px;font-size:12px;font-weight:700;line-height:24px`,
  wordmark: `padding-left:10px;font-size:14px;font-weight:600;color:${INK}`,
  paper: `background:${PAPER};border:${LINE};border-radius:14px;padding:32px 36px 24px;text-align:left`,
  heading: `margin:0 0 16px;font-size:21px;line-height:1.3;font-weight:600;letter-spacing:-.018em;color:${INK};overflow-wrap:anywhere`,
  paragraph: `margin:0 0 16px;font-size:15px;line-height:1.55;color:${INK};overflow-wrap:anywhere`,
  quiet: `margin:0 0 12px;font-size:13px;line-height:1.55;color:${QUIET};overflow-wrap:anywhere`,
  quotation: 'margin:0 0 20px',
  quotationCell: `padding:12px 16px;background:${CANVAS};border-left:3px solid #d6d5d0;border-radius:4px`,
  quoted: `margin:0 0 6px;font-size:15px;line-height:1.55;color:${INK};white-space:pre-line;overflow-wrap:anywhere`,
  quotedBy: `margin:0;font-size:13px;color:${QUIET};overflow-wrap:anywhere`,
  facts: `margin:0 0 20px;border-top:${LINE}`,
  factName: `padding:10px 12px 10px 0;border-bottom:${LINE};font-size:13px;line-height:1.55;color:${QUIET}`,
  fact: `padding:10px 0;border-bottom:${LINE};font-size:14px;line-height:1.45;color:${INK};overflow-wrap:anywhere`,
  buttonTable: 'margin:4px 0 24px',
  // Outlook for Windows pads cells only; elsewhere the whole button is the link.
  buttonCell: `background:${INK};border-radius:8px;mso-padding-alt:11px 20px`,
  button:
    'display:inline-block;padding:11px 20px;mso-padding-alt:0;font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:8px',
  address: 'color:#0b6b58;word-break:break-all',
  footer: 'padding:20px 36px 0;text-align:left;font-size:12.5px;line-height:1.5;color:#6b6a63;overflow-wrap:anywhere',
}
