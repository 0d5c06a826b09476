import type { Child } from 'hono/jsx'
import type { Htmx } from './field'

type ChoiceProps = Htmx & {
  name: string
  value: string
  title: string
  detail?: Child | undefined
  checked: boolean
}

/** One radio card; put several in a `<fieldset class="fieldset">` whose legend asks the question. */
export const Choice = ({ name, value, title, detail, checked, ...htmx }: ChoiceProps) => (
  <label class="choice">
    <input type="radio" name={name} value={value} checked={checked} {...htmx} />
    <span>{title}</span>
    {detail && <small>{detail}</small>}
  </label>
)
