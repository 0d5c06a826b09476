import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from '../components/icon'
import type { Verdict } from './checks-words'

const VERDICTS = {
  good: { icon: 'check', tone: 'good', word: 'OK' },
  fix: { icon: 'triangle-alert', tone: 'warn', word: 'Needs fixing' },
  unknown: { icon: 'info', tone: '', word: 'Not checked' },
} as const

type LineProps = { about: string; verdict: Verdict; text: string }

/** One thing that was checked. */
export const Line = ({ about, verdict, text, children }: PropsWithChildren<LineProps>) => {
  const { icon, tone, word } = VERDICTS[verdict]
  return (
    <li class={tone}>
      <span class="dot">
        <Icon name={icon} />
      </span>
      <div>
        <b>{about}</b>
        <span class="visually-hidden">, {word}: </span>
        <div>
          {text}
          {children}
        </div>
      </div>
    </li>
  )
}
