import { numberOf } from '../words'

type ProgressProps = {
  label: string
  done: number
  total: number
  /** Of those who are done, how many were left as they are. */
  leftOut?: number
  path: string
  target: string
}

const EVERY_S = 2

/** How far a job is, looked at again every two seconds: by htmx in its section, without a script by the whole page. */
export const Progress = ({ label, done, total, leftOut = 0, path, target }: ProgressProps) => (
  <div class="progress" hx-get={path} hx-trigger={`every ${EVERY_S}s`} hx-target={`#${target}`} hx-swap="outerMorph">
    <progress aria-label={label} max={Math.max(total, 1)} value={done} />
    <p role="status">
      {numberOf(done)} of {numberOf(total)}
      {leftOut > 0 && `, ${numberOf(leftOut)} left as they are`}
    </p>
    <noscript>
      <meta http-equiv="refresh" content={`${EVERY_S}`} />
    </noscript>
  </div>
)
