// Starts the real Bluesky test network (PLC, PDS, AppView) on loopback, prints one line of JSON when it is ready,
// and answers POST /settle on its control port once the AppView has taken in all that the PDS holds.
// It ends when its standard input closes, so it cannot outlive the one who started it.
import http from 'node:http'
import net from 'node:net'

// The network would listen on every address of the machine; a test keeps to loopback.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...given) {
  if (typeof given[0] === 'number' && typeof given[1] !== 'string') given.splice(1, 0, '127.0.0.1')
  else if (given[0] && typeof given[0] === 'object' && 'port' in given[0]) given[0] = { ...given[0], host: '127.0.0.1' }
  return listen.apply(this, given)
}

const { TestNetwork } = await import('@atproto/dev-env')
const port = (name) => Number(process.env[name])
const network = await TestNetwork.create({
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: process.env.DB_POSTGRES_SCHEMA,
  plc: { port: port('PLC_PORT') },
  pds: { port: port('PDS_PORT'), hostname: 'localhost' },
  bsky: { port: port('BSKY_PORT') },
  ozone: { port: port('OZONE_PORT') },
})

const control = http.createServer(async (request, response) => {
  try {
    await network.processAll(20_000)
    response.writeHead(204).end()
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
})
control.listen(0, () => console.log(JSON.stringify({ ready: true, control: control.address().port })))

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
