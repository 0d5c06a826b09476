import { Toast } from './components/toast'
import { noticeOf } from './notices'

type Undo = { action: string; fields: [string, string][] }
export type Flash = { notice: string; undo?: Undo | undefined }

/** The confirmation of what was just done; `target` is what htmx swaps when it is undone. */
export const FlashToast = ({ flash, target }: { flash: Flash; target: string }) => {
  const words = noticeOf(flash.notice)
  if (!words) return null
  return (
    <Toast>
      {words}
      {flash.undo && <UndoForm undo={flash.undo} target={target} />}
    </Toast>
  )
}

const UndoForm = ({ undo, target }: { undo: Undo; target: string }) => (
  <form method="post" action={undo.action} hx-post={undo.action} hx-target={target} hx-swap="outerMorph" hx-disable="find button">
    {undo.fields.map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}{' '}
    <button class="undo">Undo</button>
  </form>
)
