import { scryptSync } from 'node:crypto'
import { builtinModules } from 'node:module'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig, defineProject } from 'vitest/config'
import { newKey } from './bin/secrets.ts'
import { keepTemporaryFilesInMemory } from './bin/testing/in-memory.ts'
import { schema } from './bin/testing/migrated.ts'
import { PASS_PHRASE } from './src/dev/seed.ts'
import { publicWebhookKey } from './test/webhook-key.ts'

keepTemporaryFilesInMemory()

/** The seeds' pass phrase as test/setup.ts lets the Worker hash it; bin/local.ts hashes it afresh for `npm run dev`. */
const passwordHash = () => {
  const [salt, unpadded] = ['latchkey seeding', (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')]
  return `$scrypt$ln=15,r=8,p=3$${unpadded(Buffer.from(salt))}$${unpadded(scryptSync(PASS_PHRASE, salt, 32, { N: 16, r: 8, p: 3 }))}`
}

const testKey = (fill: string) => Buffer.alloc(32, fill).toString('base64url')

const bindings = async () => ({
  TEST_SCHEMA: schema(),
  TEST_MIGRATIONS: await readD1Migrations('./migrations'),
  TEST_PASSWORD_HASH: passwordHash(),
  // 0 where nobody says.
  TEST_LIFE: { runs: Number(process.env.LIFE_RUNS ?? 0), seed: Number(process.env.LIFE_SEED ?? 0) },
  TEST_SEED: process.env.TEST_SEED ?? '',
  APP_ORIGIN: 'https://latchkey.test',
  ENVIRONMENT: 'development',
  MAIL_PROVIDER: 'local',
  MAILCHANNELS_API_KEY: 'test-key',
  MAILCHANNELS_CUSTOMER: 'latchkey-test',
  MAILCHANNELS_WEBHOOK_KEYS: `other-key:${publicWebhookKey('other')},test-key:${publicWebhookKey('test')}`,
  HEALTH_TOKEN: 'only-a-monitor-of-the-tests-has-this',
  SESSION_KEY_20260101T0000Z: testKey('session'),
  INVITATION_KEY_20260101T0000Z: testKey('invitation'),
  RESET_KEY_20260101T0000Z: testKey('reset'),
  JOIN_LINK_KEY_20260101T0000Z: testKey('join link'),
  JOIN_KEY_20260101T0000Z: testKey('join'),
  BROWSER_KEY_20260101T0000Z: testKey('browser'),
  FACTOR_LINK_KEY_20260101T0000Z: testKey('factor link'),
  TOTP_KEY_20260101T0000Z: testKey('totp'),
  OIDC_KEY_20260101T0000Z: newKey('oidc'),
})

/** In workerd, with the bindings of wrangler.toml. */
export const worker = async (name = 'Worker', include = ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts']) =>
  defineProject({
    plugins: [
      cloudflareTest({
        main: './src/dev/index.ts',
        wrangler: { configPath: './wrangler.toml' },
        // Otherwise workerd prints a stack for every connection that a test has lost on purpose.
        verbose: false,
        miniflare: { bindings: await bindings(), email: { send_email: [{ name: 'EMAIL' }] } },
      }),
    ],
    // As tsconfig.json says, which does not tell Vitest that the modules it keeps are out of date.
    oxc: { jsx: { runtime: 'automatic', importSource: '#jsx' } },
    test: {
      name,
      include,
      // As wrangler bundles it: by itself each of its parts is CommonJS that makes functions from text.
      deps: {
        optimizer: {
          ssr: {
            enabled: true,
            include: ['oidc-provider'],
            rolldownOptions: { external: [/^node:/, ...builtinModules], resolve: { mainFields: ['browser', 'module', 'main'] } },
          },
        },
      },
      setupFiles: ['./test/setup.ts'],
      testTimeout: 120_000,
      // The first hook of a file may be the first to load a library.
      hookTimeout: 120_000,
      // Every test starts over anyway; a worker of its own for each file took as long as all the tests.
      isolate: false,
      globalSetup: ['./test/provider.ts'],
    },
  })

const tools = defineProject({ test: { name: 'tools', include: ['bin/**/*.test.ts'], testTimeout: 60_000 } })

export default defineConfig(async () => ({ test: { projects: [await worker(), tools], maxWorkers: 2 } }))
