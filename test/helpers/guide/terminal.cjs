// Loaded into every program of a guide (`node --require`): the file that stands for the reader's screen is a terminal to it,
// the reader is called ada, and hosts of example.org are this machine.
const dns = require('node:dns');
const { fstatSync } = require('node:fs');
const os = require('node:os');

const { GUIDE_SCREEN, GUIDE_COLUMNS } = process.env;
const columns = Number(GUIDE_COLUMNS);

for (const stream of ['stdout', 'stderr']) {
  const { dev, ino } = fstatSync(stream === 'stdout' ? 1 : 2);
  if (`${dev}:${ino}` === GUIDE_SCREEN)
    Object.assign(process[stream], { isTTY: true, columns, getWindowSize: () => [columns, 40] });
}

const { userInfo } = os;
os.userInfo = (options) => ({ ...userInfo(options), username: 'ada' });

const isExample = (host) => /(^|\.)example\.(org|com)$/.test(host);
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(isExample(host) ? '127.0.0.1' : host, ...rest);
const { lookup: lookupLater } = dns.promises;
dns.promises.lookup = (host, ...rest) => lookupLater(isExample(host) ? '127.0.0.1' : host, ...rest);
for (const resolver of [dns, dns.Resolver.prototype]) {
  for (const family of ['4', '6']) {
    const resolve = resolver[`resolve${family}`];
    resolver[`resolve${family}`] = function (host, ...rest) {
      if (!isExample(host)) return resolve.call(this, host, ...rest);
      return void setImmediate(rest.at(-1), null, family === '4' ? ['127.0.0.1'] : []);
    };
  }
}
