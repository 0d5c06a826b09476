import { CopyField } from '../components/copy-field'
import { CopyText } from '../components/copy-text'

/** `text` is ready to paste; `file` says where. */
export type Pasted = { slug: string; name: string; file: string; text: string }
export type ToolSettings = { issuer: string; clientId: string; tools: Pasted[] }

/** What the tool has to be told. `secret` is there only while it is shown. */
export const Settings = ({ title, issuer, clientId, secret, tools }: ToolSettings & { title: string; secret?: string }) => (
  <div class="panel">
    <header>
      <h2>{title}</h2>
      <p>Most tools need no more than these; the rest they read from the issuer by themselves.</p>
    </header>
    <CopyField id="issuer" label="Issuer" value={issuer} />
    <CopyField id="client-id" label="Client id" value={clientId} />
    {secret !== undefined && <CopyField id="client-secret" label="Client secret" value={secret} />}
    <div class="tools">
      {tools.map((tool) => (
        <details class="folded" name="tool">
          <summary>{tool.name}</summary>
          <CopyText id={`tool-${tool.slug}`} label={tool.file} value={tool.text} />
        </details>
      ))}
    </div>
  </div>
)
