import { Toast } from '../components/toast'

type Props = { href: string; next: string | undefined; draft: string | undefined }

/** In the notice of a page that stays: what was sent from it is taken along, or, where it cannot be kept, its page is left open. */
export const ConfirmBeside = ({ href, next, draft }: Props) => (
  <Toast bad>
    {'First confirm it’s you. Nothing was sent. '}
    {draft && (
      <form method="post" action="/confirm" data-continue="">
        {next && <input type="hidden" name="next" value={next} />}
        <input type="hidden" name="draft" value={draft} />
        <button>Confirm and continue</button>
      </form>
    )}
    <a href={href} target="_blank" rel="noopener">
      Confirm in a new tab
    </a>
    {!draft && ', then try again here.'}
  </Toast>
)
