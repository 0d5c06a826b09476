declare namespace Cloudflare {
  interface Env extends Omit<import('../src/env').Bindings, never> {
    APP_ORIGIN: import('../src/paths').WebOrigin
    MAIL_PROVIDER: string
    MAIL_FROM: string
    DNS_URL: string | undefined
    PASSWORD_RANGE_URL: string | undefined
    MAILCHANNELS_CUSTOMER: string | undefined
    MAILCHANNELS_WEBHOOK_KEYS: string | undefined
    TEST_SCHEMA: string[]
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[]
    TEST_PASSWORD_HASH: string
    TEST_LIFE: { runs: number; seed: number }
    TEST_SEED: string
  }
}
