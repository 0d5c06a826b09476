import { MINUTE_MS } from '../../limits.ts'

/** One key of a rotation. Its `kid` is the minute, in UTC, from which on it signs: `20261122T2119Z`. The secret that holds it ends in it. */
export type Key = { kid: string; startsAt: number; key: Uint8Array<ArrayBuffer> }

/** Oldest first. All verify. */
export type Keyring = [Key, ...Key[]]

export const KEY_BYTES = 32

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** What a link calls its key by. Of keys that share a letter, which start a multiple of 64 minutes apart, each is tried. */
export const letterOf = ({ startsAt }: Pick<Key, 'startsAt'>) => LETTERS.charAt((startsAt / MINUTE_MS) % LETTERS.length)

/** The newest that has started: by then every isolate has it, and can check what the others sign. */
export const signerOf = (keys: Keyring, now: number): Key => keys.findLast(({ startsAt }) => startsAt <= now) ?? keys[0]

export const kidOf = (startsAt: number) =>
  new Date(startsAt)
    .toISOString()
    .replace(/:\d\d\.\d{3}/, '')
    .replaceAll(/[-:]/g, '')

const KID = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z$/

/** In ms; NaN for what is not a `kid`. */
export const startOf = (kid: string) => (KID.test(kid) ? Date.parse(kid.replace(KID, '$1-$2-$3T$4:$5Z')) : Number.NaN)
