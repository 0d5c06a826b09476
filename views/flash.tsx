import { pathsIn } from '../src/paths'
import { Toast } from './components/toast'
import { isRefusal, noticeOf } from './notices'

export type Flash = { notice: string; who?: string | undefined; undo?: string | undefined; member?: string | undefined }

type FlashProps = { flash: Flash; tenantId: string | undefined; path: string }

/** The confirmation of what was just done, in the workspace it was done in, with the way to whom it is about. */
export const FlashToast = ({ flash, tenantId, path }: FlashProps) => {
  const words = noticeOf(flash)
  if (!words) return null
  const to = tenantId ? pathsIn(tenantId) : undefined
  const theirs = to && flash.member && to.member(flash.member)
  return (
    <Toast bad={isRefusal(flash)}>
      {words}
      {theirs && theirs !== path && (
        <>
          {' '}
          <a href={theirs}>Open</a>
        </>
      )}
      {flash.undo && to && <UndoForm action={to.undo(flash.undo)} />}
    </Toast>
  )
}

const UndoForm = ({ action }: { action: string }) => (
  <form method="post" action={action} hx-post={action} hx-target="#main > section" hx-swap="outerMorph" hx-disable="find button">
    {' '}
    <button class="undo">Undo</button>
  </form>
)
