declare namespace Cloudflare {
  interface Env extends Omit<import('../src/env').Bindings, never> {
    APP_ORIGIN: string
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[]
    TEST_PASSWORD_HASH: string
  }
}
