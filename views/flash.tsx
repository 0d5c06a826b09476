import { pathsIn } from '../src/paths'
import { Toast } from './components/toast'
import { isRefusal, noticeOf } from './notices'

export type Flash = { notice: string; who?: string | undefined; undo?: string | undefined }

/** The confirmation of what was just done, in the workspace it was done in. */
export const FlashToast = ({ flash, tenantId }: { flash: Flash; tenantId: string | undefined }) => {
  const words = noticeOf(flash)
  if (!words) return null
  return (
    <Toast bad={isRefusal(flash)}>
      {words}
      {flash.undo && tenantId && <UndoForm action={pathsIn(tenantId).undo(flash.undo)} />}
    </Toast>
  )
}

const UndoForm = ({ action }: { action: string }) => (
  <form method="post" action={action} hx-post={action} hx-target="#main > section" hx-swap="outerMorph" hx-disable="find button">
    {' '}
    <button class="undo">Undo</button>
  </form>
)
