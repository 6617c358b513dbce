// A Tool by ltijs as its documentation writes one, on PostgreSQL: it tells who came, and publishes scores.
// What it is told of the Platform is in environment variables (tools/bench/src/compare/contender.rs).
'use strict'

const lti = require('ltijs').Provider
const Database = require('ltijs-sequelize')

const { COMPARE_PORT, COMPARE_PLATFORM, COMPARE_ISSUER, COMPARE_CLIENT_ID, COMPARE_KEY_SET, COMPARE_DATABASE, COMPARE_VARIANT } =
  process.env

const database = new Database('compare', 'compare', '', { host: COMPARE_DATABASE, dialect: 'postgres', logging: false })

lti.setup('a-key-of-the-comparison', { plugin: database }, {
  appRoute: '/lti',
  loginRoute: '/login',
  cookies: { secure: true, sameSite: 'None' }
})

lti.onConnect((token, _request, response) => {
  const { ltik } = response.locals
  response.send({ launch: ltik, claims: { sub: token.user }, scores: `/scores?ltik=${ltik}` })
})

lti.app.post('/scores', async (request, response) => {
  const score = { ...request.body, activityProgress: 'Completed', gradingProgress: 'FullyGraded' }
  try {
    await lti.Grade.submitScore(response.locals.token, response.locals.context.endpoint.lineitem, score)
    response.send({ sent: 1 })
  } catch (error) {
    response.status(502).send(error.message)
  }
})

// `JWK_SET`, which the documentation shows, fetches the Platform's keys at each launch; `JWK_KEY` is told the one key.
const authConfig = COMPARE_VARIANT === 'key-given'
  ? { method: 'JWK_KEY', key: JSON.stringify(JSON.parse(COMPARE_KEY_SET).keys[0]) }
  : { method: 'JWK_SET', key: `${COMPARE_PLATFORM}/jwks` }

async function serve () {
  // Not `deploy({ port })`, which listens on every interface.
  await lti.deploy({ serverless: true, silent: true })
  // At each start, as in the documentation: a Platform that is there already is brought up to date.
  await lti.registerPlatform({
    url: COMPARE_ISSUER,
    name: 'Platform',
    clientId: COMPARE_CLIENT_ID,
    authenticationEndpoint: `${COMPARE_PLATFORM}/auth`,
    accesstokenEndpoint: `${COMPARE_PLATFORM}/token`,
    authConfig
  })
  lti.app.listen(Number(COMPARE_PORT), '127.0.0.1')
}

serve().catch(error => {
  console.error(error)
  process.exit(1)
})
