import type { Usage } from './metered'

/**
 * US dollars on the Workers Paid plan, as of 22 November 2026: https://developers.cloudflare.com/workers/platform/pricing/,
 * /d1/platform/pricing/, /kv/platform/pricing/, /queues/platform/pricing/, /email-service/platform/pricing/, /workers/observability/logs/workers-logs/#pricing. MailChannels sells by plan: see
 * https://www.mailchannels.com/pricing/.
 */
export const PLAN = 5

type Price = { included: number; perMillion: number }

export const PRICES: Record<keyof Usage, Price> = {
  requests: { included: 10e6, perMillion: 0.3 },
  rowsRead: { included: 25e9, perMillion: 0.001 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  kvReads: { included: 10e6, perMillion: 0.5 },
  kvWrites: { included: 1e6, perMillion: 5 },
  queueOperations: { included: 1e6, perMillion: 0.4 },
  /** Cloudflare Email Service. */
  mails: { included: 3_000, perMillion: 350 },
}

/** Lines that the Worker writes, as Workers Logs bills them until 30 November 2026; its price changes then. */
export const LOG_LINES: Price = { included: 20e6, perMillion: 0.6 }

export const CPU_MS: Price = { included: 30e6, perMillion: 0.02 }

export const priceOf = (amount: number, { included, perMillion }: Price) => (Math.max(0, amount - included) / 1e6) * perMillion
