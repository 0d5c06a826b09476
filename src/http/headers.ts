import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'

const SELF = ["'self'"]
const NONE = ["'none'"]

/** `same-origin`, not `no-referrer`: the latter makes a browser send `Origin: null` with a native form. HSTS: two years. */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: NONE,
    scriptSrc: SELF,
    styleSrc: SELF,
    imgSrc: SELF,
    connectSrc: SELF,
    formAction: SELF,
    frameSrc: SELF,
    baseUri: NONE,
    frameAncestors: NONE,
  },
  referrerPolicy: 'same-origin',
  strictTransportSecurity: 'max-age=63072000; includeSubDomains; preload',
  xFrameOptions: 'DENY',
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
})

/** Every answer is somebody's own: no cache may keep one. */
export const noStore = createMiddleware(async function noStore(c, next) {
  await next()
  c.header('Cache-Control', 'private, no-store')
})
