import type { MetadataReason } from '../../src/models/apps/metadata-client'
import type { Words } from '../refusals'

/** For whoever a program has sent here, by the host of the address that it names itself by. */
export const PROGRAM_WORDS: Record<MetadataReason, (host: string) => Words> = {
  address: (host) => ({
    title: 'This program cannot be let in',
    text: `It says that it is described at ${host}, and Latchkey reads such descriptions only at https addresses on the public internet.`,
  }),
  unreadable: (host) => ({
    title: 'This program cannot be let in',
    text: `Latchkey could not read its description at ${host}. Try again in a few minutes. If that does not help, ask whoever makes the program.`,
  }),
  too_often: (host) => ({
    title: 'Too many programs',
    text: `Latchkey has read descriptions at ${host}, or for you, too often in the last hour. Try again later.`,
  }),
}
