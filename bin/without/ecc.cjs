// Of @peculiar/asn1-ecc, what reads a signature; the rest is for certificates (wrangler.toml).
module.exports = require('../../node_modules/@peculiar/asn1-ecc/build/es2015/ec_signature_value.js')
