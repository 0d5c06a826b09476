/** What Cloudflare's words mean for somebody who deploys, where they do not say it themselves. */
const ADVICE: [RegExp, string][] = [
  [
    /\b100328\b|limits\.cpu_ms/,
    'This account is on Workers Free, whose 10 ms of CPU are too few to hash a password. Change its plan to Workers Paid and run this again.',
  ],
  [/\b10063\b/, 'This account has no workers.dev subdomain yet. Open *Workers & Pages* once in its dashboard and run this again.'],
  [
    /\[code: (10000|9109|10001)\]|Authentication error|\(10000\)/,
    'The token may lack a permission: docs/operations.md lists under Install which ones it needs.',
  ],
]

/** A sentence to add to an error, where there is more to say. */
export function adviceOn(error: unknown) {
  const words = error instanceof Error ? error.message : ''
  return ADVICE.find(([pattern]) => pattern.test(words))?.[1]
}
