import type { NoticeChoice } from '../../src/models/invitations/notice'

const CHOICES: { value: NoticeChoice; text: string }[] = [
  { value: 'each', text: 'As it happens' },
  { value: 'daily', text: 'Once a day' },
  { value: 'off', text: 'Never' },
]

type Props = { id: string; action: string; chosen: NoticeChoice; tenantName: string }

/** How an admin hears what became of the invitations that they sent. */
export const NoticesForm = ({ id, action, chosen, tenantName }: Props) => (
  <form method="post" action={action} hx-disable="find button">
    <footer>
      <label for={id}>
        Email me when an invitation I sent<span class="visually-hidden"> for {tenantName}</span> is answered, bounces, or expires
      </label>
      <span class="buttons">
        <select id={id} name="notices">
          {CHOICES.map(({ value, text }) => (
            <option value={value} selected={value === chosen}>
              {text}
            </option>
          ))}
        </select>
        <button class="button">
          Save<span class="visually-hidden"> for {tenantName}</span>
        </button>
      </span>
    </footer>
  </form>
)
