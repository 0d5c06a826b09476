import { Switch } from '../components/switch'
import { PanelForm, type SettingsPart } from './settings-panel'

export const McpClients = ({ to, draft, shown }: SettingsPart) => (
  <PanelForm {...{ to, shown }} id="mcp">
    <header>
      <h2>MCP clients</h2>
      <p>
        Programs, such as a coding assistant, that connect to an agent’s MCP server. They are not listed under Apps: each one says
        who it is when it connects.
      </p>
    </header>
    <Switch
      name="metadata_clients"
      label="Let people sign in MCP clients"
      on={draft.metadataClients}
      hint="Anyone who can see an agent can let a program in to it, for themselves, on a page that names the program’s website. Turning this off signs every one of them out."
    />
  </PanelForm>
)
