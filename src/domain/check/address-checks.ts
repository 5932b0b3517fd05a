import { plural } from '../plural.js';
import { type CheckResult, ok, problem, warning } from './check-result.js';
import type { ServerFacts } from './server-facts.js';

/** What came of a request to an address of this machine; `not-tried` where the address may be another machine's. */
export type Probe = 'answered' | 'no-answer' | 'not-tried';

/** Each transfer by FTP takes a passive port for as long as it lasts. */
const passivePortsFew = 10;

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** The address that means all addresses: one listens on it, nobody can connect to it. */
export function isNowhere(host: string): boolean {
  return /^(0\.0\.0\.0|\[?::\]?)$/.test(host);
}

/** The address of this machine at which a listener can be tried; undefined where that would leave the machine. */
export function loopbackOf(host: string): string | undefined {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '::1';
  return isLoopback(host) ? host.replace(/^\[|\]$/g, '') : undefined;
}

/** @param isProxied whether a setting says that stations come by another way than the listener's own address */
export function checkStationPort(
  { host, url, stationPort }: Pick<ServerFacts, 'host' | 'url' | 'stationPort'>,
  { probe, isProxied }: { probe: Probe; isProxied: boolean },
): CheckResult {
  const check = 'station-port';
  const where = isNowhere(host)
    ? `${url.startsWith('wss:') ? 'wss' : 'ws'}://<this machine>:${stationPort}/ocpp/`
    : url;
  if (probe === 'no-answer') {
    const message = `Stations are to connect to ${where}, but port ${stationPort} does not answer as it should.`;
    return problem(check, message, 'Look at the log of evfleet serve, and start it again.');
  }
  const seen =
    probe === 'answered' ? 'the port answers' : 'that was not tried from here: it is no loopback address';
  const message = `Stations connect to ${where}<station id>; ${seen}.`;
  if (isLoopback(host) && !isProxied) {
    return warning(
      check,
      `${message} Only programs on this machine reach it.`,
      'evfleet serve --host 0.0.0.0 --tls-only --tls-port 9443 --tls-cert FILE --tls-key FILE, or a reverse proxy on this machine.',
    );
  }
  return ok(check, message);
}

export interface AddressFacts {
  readonly setting: 'server.public-url' | 'server.ftp-url';
  /** Undefined: not set. */
  readonly url: string | undefined;
  /** Undefined: none is running. */
  readonly server: Pick<ServerFacts, 'host' | 'httpPort' | 'httpsPort' | 'ftpPort'> | undefined;
}

/** The address that stations are told for their files. Nothing is contacted for it. */
export function checkAddress({ setting, url: text, server }: AddressFacts): CheckResult {
  const check = setting.slice('server.'.length);
  const isFtp = setting === 'server.ftp-url';
  const port = server && (isFtp ? server.ftpPort : (server.httpPort ?? server.httpsPort));
  if (text === undefined) {
    if (isFtp && port === null) return ok(check, 'Not set, and there is no FTP server.');
    return ok(check, 'Not set: stations are told the host that they connected to.');
  }
  const set = (value: string) => `evfleet settings set ${setting}=${value}`;
  const scheme = isFtp ? 'ftp' : 'http';
  const right = set(`${scheme}://<host>:${port ?? '<port>'}`);
  if (!URL.canParse(text)) return problem(check, `${text} is no address.`, right);
  const url = new URL(text);
  const form = wrongForm(url, isFtp);
  if (form !== undefined) return problem(check, `${text} ${form}`, right);
  if (!server) {
    if (isLoopback(url.hostname))
      return warning(check, `${text} is of use to stations on this machine only.`, right);
    return ok(check, `${text}; without a running server nothing can be compared with it.`);
  }
  if (port === null || port === undefined) {
    const start = `evfleet serve --ftp-port ${url.port || '21'}`;
    return warning(check, `${text} is set, but the server has no FTP.`, start);
  }
  if (isLoopback(url.hostname) && !isLoopback(server.host)) {
    const message = `${text} means the station's own machine to a station; the server listens on ${server.host}.`;
    return problem(check, message, right);
  }
  const way = { url, text, port, host: server.host, right };
  return url.protocol === 'https:' ? checkTlsWay(check, way, server.httpsPort) : checkWay(check, way);
}

function wrongForm({ protocol, hostname, username, password }: URL, isFtp: boolean): string | undefined {
  const isScheme = isFtp ? /^ftps?:$/.test(protocol) : protocol === 'http:' || protocol === 'https:';
  if (!isScheme) return `does not begin with ${isFtp ? 'ftp://' : 'http:// or https://'}.`;
  if (hostname === '') return 'has no host.';
  if (username !== '' || password !== '') return 'has a user in it; each file has credentials of its own.';
  return isNowhere(hostname) ? 'is no address that anybody can connect to.' : undefined;
}

const portOf: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ftp:': 21, 'ftps:': 21 };

function portTold({ port, protocol }: URL): number {
  return port === '' ? (portOf[protocol] ?? 0) : Number(port);
}

interface Way {
  readonly url: URL;
  readonly text: string;
  /** Where files are served. */
  readonly port: number;
  readonly host: string;
  readonly right: string;
}

/** Either the server speaks TLS there itself, or a reverse proxy does on another port. */
function checkTlsWay(check: string, way: Way, httpsPort: number | null): CheckResult {
  const { url, text, port, right } = way;
  const toldPort = portTold(url);
  if (toldPort === httpsPort) return checkWay(check, { ...way, port: httpsPort });
  if (toldPort !== port) return ok(check, `${text}; a reverse proxy has to bring it to port ${port}.`);
  return problem(check, `${text} leads to port ${port}, where files are served without TLS.`, right);
}

/** Whether what comes to the address can come to the listener. */
function checkWay(check: string, way: Way): CheckResult {
  const { url, text, port, host, right } = way;
  const toldPort = portTold(url);
  if (toldPort !== port) {
    const message = `${text} leads to port ${toldPort}, files are served on port ${port}: right only if that is forwarded.`;
    return warning(check, message, right);
  }
  if (isLoopback(host) && !isLoopback(url.hostname)) {
    const message = `${text} leads to this port, but the server listens on ${host} only.`;
    return warning(
      check,
      message,
      'evfleet serve with --host 0.0.0.0 (evfleet serve --help says with what else), or a reverse proxy on this machine.',
    );
  }
  return ok(check, `${text} leads to port ${port}, where files are served.`);
}

/** The same result after a request to the address. */
export function withProbe(result: CheckResult, probe: Probe): CheckResult {
  if (result.status === 'problem') return result;
  if (probe === 'no-answer') {
    const advice = result.advice ?? 'Look at the log of evfleet serve, and at what listens on that port.';
    return problem(result.check, `${result.message} It does not answer.`, advice);
  }
  const seen =
    probe === 'answered'
      ? 'It answers.'
      : 'Whether it answers was not tried from here: it is no loopback address.';
  return { ...result, message: `${result.message} ${seen}` };
}

export interface PassivePortFacts {
  readonly server: Pick<
    ServerFacts,
    'stationPort' | 'httpPort' | 'httpsPort' | 'ftpPort' | 'ftpPassivePorts'
  >;
  /** How many ports were tried to listen on, and how many of them could be. */
  readonly tried: number;
  readonly free: number;
}

export function checkPassivePorts({ server, tried, free }: PassivePortFacts): CheckResult {
  const check = 'ftp-passive-ports';
  const { ftpPassivePorts: range, ftpPort, stationPort, httpPort, httpsPort } = server;
  if (range === null || ftpPort === null) return ok(check, 'There is no FTP server.');
  const { first, last } = range;
  if (first === 0)
    return ok(check, 'Data connections of FTP take any free port; a firewall must let all in.');
  const text = `${first}-${last}`;
  const advice = 'evfleet serve --ftp-passive-ports <from-to>, with ports that no other program uses.';
  const own = [stationPort, httpPort, httpsPort, ftpPort].find(
    (port) => port !== null && port >= first && port <= last,
  );
  if (typeof own === 'number')
    return warning(check, `Port ${own} of the server lies in the range ${text} itself.`, advice);
  if (tried > 0 && free === 0) return problem(check, `None of the ports ${text} can be listened on.`, advice);
  if (free * 2 < tried) {
    const message = `Only ${free} of ${tried} ports tried of ${text} can be listened on.`;
    return warning(check, message, advice);
  }
  const ports = last - first + 1;
  if (ports < passivePortsFew) {
    const message = `${text} is enough for ${plural(ports, 'transfer')} by FTP at once; more are refused.`;
    return warning(check, message, 'evfleet serve --ftp-passive-ports 50000-50100');
  }
  return ok(
    check,
    `${text}: enough for ${plural(ports, 'transfer')} at once, ${free} of ${tried} tried are free.`,
  );
}
