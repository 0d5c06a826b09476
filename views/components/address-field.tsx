import type { AddressDoubt } from '../../src/models/core/typed-address'
import { Field, type FieldProps } from './field'

const DOUBTS: Record<AddressDoubt['reason'], string> = {
  missing: 'Enter an email address.',
  several: 'Enter one email address at a time.',
  space_inside: 'An email address cannot contain spaces.',
  too_long: 'That is too long for an email address.',
  not_an_address: 'That does not look like an email address.',
  likely_typo: 'If not, submit the form again.',
}

type Props = Omit<FieldProps, 'name' | 'type' | 'inputmode'> & { value: string; doubt?: AddressDoubt | undefined }

/**
 * Not `type="email"`: a browser refuses addresses that mail can go to, such as those with an umlaut, and shows a domain in a form that
 * nobody typed. The button is the first of its form, so Enter takes the correction, unless the address was changed since.
 */
export const AddressField = ({ doubt, error, way, ...field }: Props) => (
  <Field
    {...field}
    name="email"
    inputmode="email"
    autocapitalize="none"
    spellcheck={false}
    error={error ?? (doubt && wordsFor(doubt))}
    way={doubt?.suggestion ? <Correction value={field.value} instead={doubt.suggestion} /> : way}
  />
)

const Correction = ({ value, instead }: { value: string; instead: string }) => (
  <p>
    <input type="hidden" name="asked" value={value} />
    <button class="button small" name="instead" value={instead}>
      Use {instead}
    </button>
  </p>
)

const wordsFor = ({ reason, suggestion }: AddressDoubt) =>
  suggestion ? `Did you mean ${suggestion}? ${DOUBTS[reason]}` : DOUBTS[reason]
