// In the place of what reads the certificates of authenticators, which nobody is asked for (wrangler.toml).
module.exports = {}
