import { Icon } from './icon'

type Props = { action: string; label: string; filter: Record<string, string | undefined> }

/** Files of what a page shows, narrowed as the page is. The browser sends the form itself, since an answer to keep is no page. */
export const ExportMenu = ({ action, label, filter }: Props) => (
  <>
    <button type="button" class="button" popovertarget="export">
      <Icon name="download" />
      Export
    </button>
    <div class="menu" id="export" popover="auto" role="group" aria-label={label}>
      <form method="post" action={action} data-download="">
        {Object.entries(filter).map(([name, value]) => value && <input type="hidden" name={name} value={value} />)}
        <button name="format" value="csv">
          CSV for spreadsheets
        </button>
        <button name="format" value="json">
          JSON Lines
        </button>
      </form>
    </div>
  </>
)
