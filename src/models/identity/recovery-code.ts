import { RECOVERY_CODES } from '../../limits'

/** Crockford's base32, which has none of the letters I, L, O and U: five bits each. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 120 bits, above the 112 from which on a plain hash may keep a code (ASVS 5.0, 6.5.2). */
const LENGTH = 24
const GROUP = 4

const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`)

/** In groups, as they are shown. */
export const newRecoveryCodes = () => Array.from({ length: RECOVERY_CODES }, newCode)

const newCode = () => inGroups(Array.from(crypto.getRandomValues(new Uint8Array(LENGTH)), (byte) => ALPHABET[byte % 32]).join(''))

const inGroups = (code: string) => code.replaceAll(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-')

/** The code that somebody typed, without separators: in any case, and with letters that look like its digits. Undefined for anything else. */
export function recoveryCodeIn(typed: string): string | undefined {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  return CODE.test(code) ? code : undefined
}
