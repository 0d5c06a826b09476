import { type Address, type AddressReason, readAddress } from './address'

/** `asked`: the address for which a correction was offered. `instead`: the correction, where it was taken. */
export type TypedAddress = { email: string; asked?: string | undefined; instead?: string | undefined }

/** Why an address is not taken as it was typed: it is none, or something else was probably meant. */
export type AddressDoubt = { reason: AddressReason | 'likely_typo'; suggestion: string | undefined }

/** The address that a form gives, or what to fill in, with the doubt to put beside the field. None where the correction was taken. */
type ReadEmail = { address: Address; name: string | undefined } | { email: string; doubt: AddressDoubt | undefined }

/** What was probably meant is offered once: whoever sends the same address again keeps it. */
export function readEmail({ email, asked, instead }: TypedAddress): ReadEmail {
  const same = asked === email
  if (same && instead) return { email: instead, doubt: undefined }
  const read = readAddress(email)
  if ('reason' in read) return { email, doubt: read }
  if (read.suggestion && !same) return { email, doubt: { reason: 'likely_typo', suggestion: read.suggestion } }
  return { address: read.address, name: read.name }
}

/** What was pasted with a name, as address and name; a name that was typed beside it stays. Anything else as it is. */
export function namedApart<F extends { email: string; name: string }>(form: F): F {
  const read = readAddress(form.email)
  if ('reason' in read || !read.name) return form
  return { ...form, email: read.address.email, name: form.name.trim() ? form.name : read.name }
}
