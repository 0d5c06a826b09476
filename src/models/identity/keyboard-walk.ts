const LAYOUTS = [
  ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  ['1234567890', 'qwertzuiop', 'asdfghjkl', 'yxcvbnm'],
  ['1234567890', 'azertyuiop', 'qsdfghjklm', 'wxcvbn'],
].map((rows) => new Map(rows.flatMap((row, y) => [...row].map((key, x) => [key, { x: x + y / 2, y }] as const))))

/** A passphrase has a quarter of its steps on neighbouring keys. */
const MOSTLY = 0.7

/** Whether a finger walked over the keys of a common keyboard: nearly every key lies beside the one before it. */
export const isKeyboardWalk = (text: string) => LAYOUTS.some((keys) => stepsOn(keys, text) >= MOSTLY)

function stepsOn(keys: (typeof LAYOUTS)[number], text: string) {
  const points = [...text].map((character) => keys.get(character))
  const steps = points.slice(1).filter((to, i) => areNeighbours(points[i], to))
  return steps.length / Math.max(1, points.length - 1)
}

type Key = { x: number; y: number } | undefined

const areNeighbours = (a: Key, b: Key) => !!a && !!b && Math.abs(a.x - b.x) <= 1.5 && Math.abs(a.y - b.y) <= 1
