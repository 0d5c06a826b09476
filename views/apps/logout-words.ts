import type { LogoutTrouble } from '../../src/models/apps/logout'

/** Why a tool has not heard of a sign-out, from what is kept of it: a code, and a status where one was answered. */
export function logoutTroubleInWords(detail: string | null): string | undefined {
  const [trouble, status = ''] = (detail ?? '').split(' ')
  return Object.hasOwn(WORDS, trouble ?? '') ? WORDS[trouble as LogoutTrouble](status) : undefined
}

const WORDS: Record<LogoutTrouble, (status: string) => string> = {
  refused: () => 'The tool refused it (400). Check that it knows this client id and reads our signing keys.',
  moved: (status) => `The address redirects (${status}). Enter the one that it leads to.`,
  address: () => 'The app has no back-channel logout address, or one that Latchkey does not call.',
  status: (status) => `The tool answered ${status}.`,
  timeout: () => 'The tool did not answer in five seconds.',
  unreachable: () => 'The tool could not be reached.',
}
